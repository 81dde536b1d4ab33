import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bootstrap } from '../evaluate/bootstrap.ts';
import { randomStream } from '../random.ts';
import { AGGREGATORS, aggregate, type Candidate, rerank } from './rerank.ts';

const bootstrap = (count: number) =>
  new Bootstrap(
    Array.from({ length: count }, (_, i) => `${i}`),
    randomStream(1, 'rerank'),
  );

const candidate = (
  answer: string | null,
  rewards: readonly number[],
  { logprob = -1 as number | null, right = '7' } = {},
): Candidate => ({ answer, correct: answer === right, rewards, logprob });

/** Accuracies by chooser, of questions and one size. */
function accuracies(questions: readonly (readonly Candidate[])[], n: number) {
  const [{ choosers }] = rerank(questions, [n], bootstrap(questions.length));
  return Object.fromEntries(Object.entries(choosers).map(([name, own]) => [name, own.accuracy]));
}

describe('one number of many', () => {
  it('is what each aggregator says', () => {
    const rewards = [1, -2, 4];
    const weights = [0.95 ** 2, 0.95, 1];
    const late = rewards.reduce((sum, reward, t) => sum + weights[t] * reward, 0);
    expect(aggregate(rewards, 'mean')).toBe(1);
    expect(aggregate(rewards, 'last')).toBe(4);
    expect(aggregate(rewards, 'minimum')).toBe(-2);
    expect(aggregate(rewards, 'late_weighted')).toBeCloseTo(late / (0.95 ** 2 + 0.95 + 1), 12);
    for (const how of AGGREGATORS) expect(aggregate([], how)).toBeNull();
  });

  it('lies among the rewards, and is the reward where all are the same', () => {
    const finite = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 900 }), (rewards) => {
        for (const how of AGGREGATORS) {
          const value = aggregate(rewards, how) ?? Number.NaN;
          expect(value).toBeGreaterThanOrEqual(Math.min(...rewards) - 1e-9);
          expect(value).toBeLessThanOrEqual(Math.max(...rewards) + 1e-9);
        }
      }),
    );
  });
});

describe('choosing among answers', () => {
  it('follows the reward where the vote and the policy’s own confidence are wrong', () => {
    const wrong = (logprob: number) => candidate('3', [0, -2], { logprob });
    const question = [
      wrong(-0.1),
      wrong(-0.2),
      candidate('7', [1, 2], { logprob: -0.9 }),
      wrong(-3),
    ];
    expect(accuracies([question], 4)).toEqual({
      ...{ one_sample: 0.25, majority: 0, log_probability: 0, any: 1 },
      ...{ mean: 1, last: 1, late_weighted: 1, minimum: 1 },
      // 3 sigmoid(-1) = 0.81 against sigmoid(1.5) = 0.82
      reward_weighted_vote: 1,
    });
  });

  it('counts a question by the mean over blocks, and leaves out what fills none', () => {
    const question = [
      ...[candidate('7', [1]), candidate('3', [0])],
      ...[candidate('3', [1]), candidate('7', [0])],
      candidate('7', [9]),
    ];
    expect(accuracies([question], 2)).toMatchObject({ one_sample: 0.5, mean: 0.5, any: 1 });
    expect(accuracies([question], 1)).toMatchObject({ one_sample: 0.6, mean: 0.6 });
  });

  it('shares a tie, and takes no pick from answers without tokens', () => {
    const tied = [candidate('7', [1]), candidate('3', [1]), candidate(null, [])];
    expect(accuracies([tied], 3)).toMatchObject({ mean: 0.5, log_probability: 1 / 3 });
    const empty = [candidate(null, []), candidate(null, [])];
    expect(accuracies([empty], 2)).toMatchObject({
      ...{ mean: 0, majority: 0, reward_weighted_vote: 0, any: 0 },
    });
  });

  it('leaves the log-probability out where it is not known', () => {
    const unknown = [candidate('7', [1]), candidate('3', [0], { logprob: null })];
    expect(accuracies([unknown], 2)).not.toHaveProperty('log_probability');
  });

  it('gains over one sample what it is better by, paired by question', () => {
    const good = [candidate('7', [1]), candidate('3', [0])];
    const bad = [candidate('7', [0]), candidate('3', [1])];
    const [{ choosers }] = rerank([good, good, good, bad], [2], bootstrap(4));
    expect(choosers.mean?.gain).toBe(0.25);
    expect(choosers.one_sample?.gain_interval).toEqual({ mean: 0, low: 0, high: 0 });
    expect(choosers.any?.gain_interval).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('refuses sizes that not every question has', () => {
    const question = [candidate('7', [1]), candidate('3', [0])];
    for (const n of [0, 3, 1.5])
      expect(() => rerank([question], [n], bootstrap(1))).toThrow(RangeError);
    expect(() => rerank([], [1], bootstrap(1))).toThrow(RangeError);
  });
});
