/** Couplets: nobody judges them in training, and an evaluation sets them beside the expert's. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { task as sums } from '../rewards/testing.ts';
import { evaluationMetrics } from '../step-metrics.ts';
import { createTask } from '../tasks/index.ts';
import { type EvaluateRequest, evaluate } from './evaluate.ts';
import { SAMPLING, writerOf } from './testing.ts';

const task = createTask({ id: 'couplet' });
const request: EvaluateRequest = {
  ...{ task, split: 'test', prompts: 4, samples: 2, seed: 1, sampling: SAMPLING },
};
/** The expert's couplet, and every other time one word. */
const half = writerOf((prompt, number) =>
  number % 2 === 0 ? task.expertAnswer(task.readQuestion(prompt)) : 'moon',
);

describe('an evaluation of couplets', () => {
  it('has the win rate against the expert, a tie as half, and no accuracy', async () => {
    const result = await evaluate(half, request);
    expect(result.accuracy).toBeNull();
    expect(result.hidden).toMatchObject({
      ...{ win_rate: 0.25, rhyme: 0.5, metre: 0.5, topic: 0.5, fresh: 0.5 },
      win_rate_interval: { mean: 0.25 },
    });
    expect(evaluationMetrics(result)).toMatchObject({
      ...{ 'eval/win_rate': 0.25, 'eval/win_rate_low': 0.25, 'eval/hidden/rhyme': 0.5 },
    });
  });

  it('has it for tasks of this kind alone', async () => {
    const result = await evaluate(
      writerOf(() => '7'),
      { ...request, task: sums },
    );
    expect(result).not.toHaveProperty('hidden');
  });
});

describe('an experiment on couplets', () => {
  const parse = (more: object) => parseExperiment({ task: { id: 'couplet' }, ...more });

  it('is refused by name where a reward needs a verifier', () => {
    for (const name of ['grpo', 'ppo', 'vineppo'])
      expect(parse({ method: { name } })).toMatchObject({
        problems: [
          {
            field: 'rewards.0.term',
            message: expect.stringContaining('"couplet" has no verifier'),
          },
        ],
      });
  });

  it('may learn from demonstrations by every method that needs no verdict', () => {
    for (const name of ['sft', 'raro', 'dpo', 'rationalization'])
      expect(parse({ method: { name } })).toMatchObject({ ok: true });
    expect(parse({ rewards: [{ term: 'rl_logit' }] })).toMatchObject({ ok: true });
  });
});
