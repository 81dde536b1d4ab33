/** Iterative DPO on a script: which pairs, under which reference, in which round. No model. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { dpoTerm } from '../objectives/dpo.ts';
import { createTask } from '../tasks/index.ts';
import type { Step } from './method.ts';
import { APART, completionOf, LOGP, playStep, tokenizer } from './testing.ts';

const task = createTask(APART);
const question = task.readQuestion('3+8+5:');
const answers = ['3+8=11,11+5=15;15', '3+8=11'];
/** Under the policy that began the round every token is less likely. */
const REF = -1;

function play(method: object, more: Partial<Step> = {}) {
  const sampled: (string | undefined)[] = [];
  const means: Partial<Step> = {
    sample: async (copies, learner) => {
      sampled.push(learner);
      return answers
        .slice(0, copies)
        .map((text, i) => completionOf(question, text, { truncated: i > 0 }));
    },
    score: async (examples, learner) => {
      expect(learner).toBe('began');
      return {
        logprobs: examples.map(({ completion: c }) => new Float32Array(c.length).fill(REF)),
      };
    },
    ...more,
  };
  const own = { name: 'dpo', prompts_per_step: 1, num_generations: 2, ...method };
  return playStep({ task: APART, method: own }, means).then((played) => ({ ...played, sampled }));
}

const textOf = (ids: readonly number[]) => tokenizer.decode([...ids]);

describe('the pairs of a step', () => {
  it('are the expert’s answer and what the policy wrote, cut off or not', async () => {
    const { lessons, sampled, report } = await play({});
    expect(sampled).toEqual(['began']);
    const [{ examples, loss, slopes }] = lessons;
    expect(examples.map(({ role, pair, completion }) => [role, pair, textOf(completion)])).toEqual([
      ['expert', 0, ';16'],
      ['solver', 0, answers[0]],
      ['expert', 1, ';16'],
      ['solver', 1, answers[1]],
    ]);
    const lengths = examples.map(({ completion }) => completion.length);
    expect(lengths).toEqual([4, answers[0].length + 1, 4, answers[1].length]);
    const terms = [0, 2].map((i) => {
      const [chosen, rejected] = [lengths[i], lengths[i + 1]].map((n) => ({
        ...{ logp: n * LOGP, ref: n * REF },
      }));
      return dpoTerm({ chosen, rejected }, { beta: 0.1, label_smoothing: 0 });
    });
    expect(loss).toBeCloseTo((terms[0].loss + terms[1].loss) / 2, 12);
    expect(slopes[0][0]).toBeCloseTo(terms[0].slope / 2, 12);
    expect(slopes[1][0]).toBeCloseTo(-terms[0].slope / 2, 12);
    expect(report.metrics).toMatchObject({
      ...{ round: 1, pairs: 2, accuracy: 0, 'rewards/accuracies': 0 },
      'logps/chosen': -2,
      'rewards/chosen': expect.closeTo(0.1 * 4 * (LOGP - REF), 12),
    });
    expect(
      report.samples.flatMap(({ completions }) => completions.map(({ role }) => role)),
    ).toEqual(['solver', 'solver', 'expert']);
  });

  it('may be the two answers after the policy’s reasoning; what has no place for one is left out', async () => {
    const { lessons, report } = await play({ compare: 'answers' });
    const [{ examples }] = lessons;
    expect(examples.map(({ prompt, completion }) => textOf(prompt) + textOf(completion))).toEqual([
      '3+8+5:3+8=11,11+5=15;16',
      '3+8+5:3+8=11,11+5=15;15',
    ]);
    expect(report.metrics.pairs).toBe(1);
  });

  it('may be none, and then nothing is learned', async () => {
    const none = { sample: async () => [completionOf(question, '3+8', { truncated: true })] };
    const { lessons, report } = await play({ compare: 'answers', num_generations: 1 }, none);
    expect(lessons).toEqual([]);
    expect(report.metrics).toMatchObject({ pairs: 0, round: 1 });
    expect(report.metrics.loss).toBeUndefined();
  });

  it('need room for the expert’s answer', async () => {
    await expect(play({}, { positions: 9 })).rejects.toMatchObject({
      ...{ kind: 'BadConfig', field: 'method.max_completion_length' },
    });
  });
});

it('begins every round with the policy as it is, but for the first, which begins so anyway', async () => {
  const began: number[] = [];
  const rounds: unknown[] = [];
  for (let index = 0; index < 9; index++) {
    const { renewed, report } = await play({}, { index });
    if (renewed.length > 0) began.push(index);
    rounds.push(report.metrics.round);
  }
  expect(began).toEqual([3, 6]);
  expect(rounds).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
});

it('compares answers only where the task tells them from what leads to them', () => {
  const parse = (compare: string) =>
    parseExperiment({ task: { id: 'word' }, method: { name: 'dpo', compare } });
  expect(parse('completions')).toMatchObject({ ok: true });
  expect(parse('answers')).toMatchObject({ problems: [{ field: 'method.compare' }] });
});
