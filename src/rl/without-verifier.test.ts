/** A task without a verifier: what must know right from wrong is refused by name, and everything else works without a verdict. */
import './tasks/testing-praise.ts';
import { describe, expect, it } from 'vitest';
import { type EvaluateRequest, evaluate } from './evaluate/evaluate.ts';
import { carryOut, type EvaluationOrder } from './evaluate/order.ts';
import { receiverOf, SAMPLING, writerOf } from './evaluate/testing.ts';
import { parseExperiment } from './experiment/schema.ts';
import { scoreBatch } from './rewards/combine.ts';
import { createRewards } from './rewards/index.ts';
import { completion, contextWith, knownPolicy } from './rewards/testing.ts';
import { sampleGroups } from './samples.ts';
import { evaluationMetrics } from './step-metrics.ts';
import { answerKinds } from './tasks/answer-kinds.ts';
import { praise } from './tasks/testing.ts';

const task = praise.create({});
const question = task.question('train', 1, 0);
const parse = (more: object) => parseExperiment({ task: { id: 'praise' }, ...more });

describe('an experiment on it', () => {
  it.each(['answer', 'format', 'transfer', 'length_er'])(
    'is refused the term %s by name',
    (term) => {
      const parsed = parse({ rewards: [{ term: 'confidence' }, { term, weight: 0 }] });
      expect(parsed).toMatchObject({
        ok: false,
        problems: [
          {
            field: 'rewards.1.term',
            message: expect.stringMatching(new RegExp(`"${term}".*"praise" has no verifier`)),
          },
        ],
      });
    },
  );

  it('may use terms on probabilities and lengths, but not pay right answers only', () => {
    const rewards = [{ term: 'sar' }, { term: 'confidence' }, { term: 'length_o1' }];
    expect(parse({ rewards })).toMatchObject({ ok: true });
    expect(parse({ rewards: [{ term: 'sar', gate: true }] })).toMatchObject({
      problems: [{ field: 'rewards.0.term' }],
    });
  });

  it('cannot measure how receivers finish answers', () => {
    const rewards = [{ term: 'confidence' }];
    expect(parse({ rewards, evaluation: { receivers: 'policy' } })).toMatchObject({
      problems: [{ field: 'evaluation.receivers' }],
    });
  });

  it('changes nothing for tasks that have a verifier', () => {
    const rewards = [{ term: 'answer' }, { term: 'sar', gate: true }];
    const evaluation = { receivers: 'policy' };
    expect(parseExperiment({ rewards, evaluation })).toMatchObject({ ok: true });
  });
});

describe('its completions', () => {
  const batch = [completion('well'), completion('done now')].map((c) => ({ ...c, question }));
  const { policy } = knownPolicy(-0.9);
  const score = (...terms: readonly string[]) => {
    const parsed = parse({ rewards: terms.map((term) => ({ term })) });
    if (!parsed.ok) throw new RangeError(parsed.problems[0].message);
    const rewards = createRewards(parsed.experiment.rewards);
    return scoreBatch(rewards, batch, { task, step: 0, seed: 0, policy });
  };

  it('are scored by the terms that need no verdict, and R_SA of right ones is not measured', async () => {
    const { totals, metrics } = await score('sar', 'confidence', 'length_o1');
    for (const total of totals) expect(Math.abs(total ?? 0)).toBeGreaterThan(0);
    expect(metrics).not.toHaveProperty('rewards/sar/mean_right');
    expect(metrics['rewards/sar/mean']).toBeGreaterThan(0);
  });

  it('stop a term that must judge them, however it got here', async () => {
    const [{ term }] = createRewards([{ term: 'answer', weight: 1, permuted: false }]);
    await expect(term.score(batch, { ...contextWith(policy), task })).rejects.toMatchObject({
      kind: 'BadConfig',
      message: expect.stringContaining('answer'),
    });
  });

  it('are kept without a verdict', async () => {
    const [group] = sampleGroups(
      1,
      1,
      { tokenText: String },
      {
        ...{
          completions: batch,
          verdicts: [null, null],
          manners: [null, null],
          advantages: [1, -1],
          perToken: {},
        },
        rewards: await score('confidence'),
      },
    );
    for (const record of group.completions) {
      expect(record).toMatchObject({ role: 'solver', rewards: { confidence: expect.any(Number) } });
      expect(record).not.toHaveProperty('correct');
      expect(record).not.toHaveProperty('note');
    }
  });

  it('come in kinds that need no verdict', () => {
    const kinds = answerKinds(task, question);
    expect(kinds.map(({ id, text }) => [id, text !== null])).toEqual([
      ['concise', true],
      ['wrong', true],
      ['copied', true],
    ]);
    expect(kinds[1].text).not.toBe(kinds[0].text);
  });
});

describe('its evaluation', () => {
  const request: EvaluateRequest = {
    ...{ task, split: 'test', prompts: 3, samples: 4, seed: 1, sampling: SAMPLING },
  };
  const writer = writerOf((_, number) => 'x'.repeat(number % 4));

  it('has lengths, and null for what only a verifier can tell', async () => {
    const result = await evaluate(writer, request);
    expect(result).toMatchObject({
      ...{ prompts: 3, samples: 4, mean_length: 2.5, truncated: 0 },
      ...{ accuracy: null, accuracy_interval: null, well_formed: null, maj_at_k: null },
      ...{ pass_at_k: null, mean_length_right: null },
    });
    expect(Object.keys(evaluationMetrics(result))).toEqual([
      'eval/mean_length',
      'eval/mean_length_low',
      'eval/mean_length_high',
      'eval/clipped_ratio',
    ]);
  });

  it('takes no receivers, and says so before it opens any', async () => {
    const { receiver, asked } = receiverOf(() => 'well done');
    const transfer = { receivers: [receiver], answers: 1, continuations: 1 };
    const refused = { kind: 'BadConfig', field: 'receivers' };
    await expect(evaluate(writer, { ...request, transfer })).rejects.toMatchObject(refused);
    const opened: string[] = [];
    const service = {
      open: async (id: string) => {
        opened.push(id);
        return receiver;
      },
      close: () => undefined,
    };
    const order: EvaluationOrder = {
      ...{ split: 'test', policy: 'now', prompts: 3, samples: 4, receivers: 'policy' },
      ...{ receiver_backend: 'kernels', transfer_answers: 1 },
    };
    await expect(
      carryOut(order, { writer, task, seed: 1, sampling: SAMPLING, service }),
    ).rejects.toMatchObject(refused);
    expect([asked.length, opened.length]).toEqual([0, 0]);
    const without = await carryOut(
      { ...order, receivers: '' },
      { writer, task, seed: 1, sampling: SAMPLING, service },
    );
    expect(without.accuracy).toBeNull();
  });
});
