import { describe, expect, it } from 'vitest';
import { task } from '../rewards/testing.ts';
import { evaluationMetrics } from '../step-metrics.ts';
import { type EvaluateRequest, evaluate } from './evaluate.ts';
import { receiverOf, rightAnswer, SAMPLING, writerOf } from './testing.ts';

const PROMPTS = 8;
/** A hopeless beginning: whatever follows is judged wrong. */
const HOPELESS = '?'.repeat(60);
const request: EvaluateRequest = {
  ...{ task, split: 'test', prompts: PROMPTS, samples: 2, seed: 3, sampling: SAMPLING },
};
type Asked = ReturnType<typeof receiverOf>['receiver'];
const measure = async (
  answer: (prompt: string, number: number) => string,
  receivers: readonly Asked[],
  { answers = 2, continuations = 1 } = {},
) => {
  const result = await evaluate(writerOf(answer), {
    ...request,
    transfer: { receivers, answers, continuations },
  });
  if (!result.transfer) throw new Error('nothing was handed over');
  return { result, transfer: result.transfer };
};
/** Finishes every beginning of the right answer, and nothing else. */
const faithful = (question: string, prefix: string) => {
  const right = rightAnswer(question);
  return right.startsWith(prefix) ? right.slice(prefix.length) : '';
};

describe('transferability', () => {
  it('is 1 at every cut where all answers are right, and the share of right answers where others are hopeless', async () => {
    const { receiver } = receiverOf(faithful);
    const all = await measure((prompt) => rightAnswer(prompt), [receiver]);
    expect(all.transfer.receivers[0].success).toEqual(Array(10).fill(1));
    expect(all.transfer.receivers[0]).toMatchObject({ transferability: 1, scratch: 1, gain: 0 });
    expect(all.transfer.receivers[0].transferability_interval).toEqual({
      mean: 1,
      low: 1,
      high: 1,
    });

    // The first answer of each question is right, the second is hopeless from its first token.
    const half = await measure((p, n) => (n % 2 === 0 ? rightAnswer(p) : HOPELESS), [receiver]);
    expect(half.transfer.receivers[0].success.slice(1)).toEqual(Array(9).fill(0.5));
    const first = await measure((p, n) => (n % 2 === 0 ? rightAnswer(p) : HOPELESS), [receiver], {
      answers: 1,
    });
    expect(first.transfer.receivers[0].transferability).toBe(1);
  });

  it('draws every tau within its tenth: a receiver that needs half of the answer fails below and succeeds above', async () => {
    const { receiver } = receiverOf((question, prefix) =>
      // The end token counts as a token of the answer.
      2 * prefix.length >= rightAnswer(question).length + 1 ? faithful(question, prefix) : '?',
    );
    const { transfer } = await measure((prompt) => rightAnswer(prompt), [receiver]);
    const [{ success, transferability, gain, scratch }] = transfer.receivers;
    expect(success.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(success.slice(6)).toEqual([1, 1, 1, 1]);
    expect(transferability).toBeCloseTo(0.4 + success[5] / 10, 14);
    expect([scratch, gain]).toEqual([0, transferability]);
  });

  it('judges prefix and continuation together, and recognises prefixes that already hold the answer', async () => {
    const { receiver } = receiverOf(() => '');
    const { transfer } = await measure((prompt) => rightAnswer(prompt), [receiver]);
    // A receiver that adds nothing succeeds exactly where the prefix was right by itself.
    expect(transfer.receivers[0].success).toEqual(transfer.leakage);
    expect(Math.max(...transfer.leakage.slice(0, 7))).toBeLessThan(transfer.leakage[9]);
    expect(transfer.leakage[9]).toBeGreaterThan(0.3);
    expect(transfer.leakage_mean).toBeCloseTo(transfer.receivers[0].transferability, 14);
    expect(transfer.receivers[0].scratch).toBe(0);
  });

  it('pairs the gain by question: a receiver that prefixes cannot help has a gain of exactly 0', async () => {
    // Knows half of the questions, with or without help; to the others it adds what makes any prefix wrong.
    const knows = (question: string) => question.length % 2 === 0;
    const { receiver } = receiverOf((question, prefix) =>
      knows(question) ? faithful(question, prefix) : '?',
    );
    const { transfer } = await measure((prompt) => rightAnswer(prompt), [receiver]);
    const [own] = transfer.receivers;
    expect(own.scratch).toBeGreaterThan(0);
    expect(own.scratch).toBeLessThan(1);
    expect(own.transferability_interval.high).toBeGreaterThan(own.transferability + 0.1);
    expect(own.gain_interval.low).toBeCloseTo(0, 14);
    expect(own.gain_interval.high).toBeCloseTo(0, 14);
  });

  it('asks the same of every receiver, with numbers that do not depend on how much is asked at once', async () => {
    const [one, two] = [receiverOf(faithful), receiverOf(faithful, { id: 'receivers/other' })];
    const tries = { answers: 2, continuations: 3 };
    await measure((prompt) => rightAnswer(prompt), [one.receiver, two.receiver], tries);
    expect(two.asked).toEqual(one.asked);
    const cuts = one.asked.filter(({ key }) => key === one.asked[0].key);
    expect(cuts.length).toBeGreaterThan(1);
    let next = 0;
    for (const { uid, prompts, copies } of cuts) {
      expect(uid).toBe(next);
      expect(copies).toBe(3);
      next += prompts.length * copies;
    }
    expect(next).toBe(PROMPTS * 2 * 10 * 3);
  });

  it('leaves out cuts for which a receiver has no room, and says how many', async () => {
    const { receiver } = receiverOf((_, prefix) => (prefix === '' ? '?' : ''), { positions: 40 });
    const { transfer, result } = await measure(() => HOPELESS, [receiver]);
    const [own] = transfer.receivers;
    // A question has 8 to 14 tokens: 60 more do not fit 40, a few do.
    expect(own.no_room).toBeGreaterThan(0.3);
    expect(own.no_room).toBeLessThan(0.7);
    expect(own.success.slice(0, 2)).toEqual([0, 0]);
    expect(own.success[9]).toBeNaN();
    expect(own.transferability).toBe(0);
    const row = evaluationMetrics(result);
    expect(row).not.toHaveProperty('eval/transfer/known/tau_9');
    expect(row['eval/transfer/known']).toBe(0);
  });

  it('is in the metrics under names that say split, receiver and quantity', async () => {
    const { receiver } = receiverOf(faithful);
    const { result } = await measure((prompt) => rightAnswer(prompt), [receiver]);
    const row = evaluationMetrics(result, 'eval_ood');
    expect(Object.keys(row).every((name) => name.startsWith('eval_ood/'))).toBe(true);
    expect(Object.keys(row).filter((name) => name.includes('transfer'))).toEqual([
      'eval_ood/transfer_leakage',
      ...['', '_low', '_high', '/gain', '/gain_low', '/gain_high', '/scratch'].map(
        (end) => `eval_ood/transfer/known${end}`,
      ),
      ...Array.from({ length: 10 }, (_, b) => `eval_ood/transfer/known/tau_${b}`),
    ]);
    for (const name of ['accuracy', 'maj_at_2', 'pass_at_2', 'mean_length', 'mean_length_right']) {
      expect(row[`eval_ood/${name}_low`]).toBeLessThanOrEqual(row[`eval_ood/${name}`]);
      expect(row[`eval_ood/${name}_high`]).toBeGreaterThanOrEqual(row[`eval_ood/${name}`]);
    }
  });
});
