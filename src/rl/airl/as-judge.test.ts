import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bootstrap } from '../evaluate/bootstrap.ts';
import { randomStream } from '../random.ts';
import { aurocOf, calibrationError, judgeQuality, reliability } from './as-judge.ts';

const auroc = (scores: readonly number[], positive: readonly boolean[]) =>
  aurocOf(scores, positive)(scores.map(() => 1));

const traces = fc.array(
  fc.record({
    score: fc.integer({ min: -4, max: 4 }),
    positive: fc.boolean(),
    weight: fc.integer({ min: 0, max: 3 }),
  }),
  { maxLength: 30 },
);

describe('AUROC', () => {
  it('is the share of pairs in the right order, ties one half, each as often as its weights say', () => {
    fc.assert(
      fc.property(traces, (all) => {
        let [won, pairs] = [0, 0];
        for (const a of all.filter((one) => one.positive))
          for (const b of all.filter((one) => !one.positive)) {
            const weight = a.weight * b.weight;
            pairs += weight;
            won += weight * (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0);
          }
        const found = aurocOf(
          all.map(({ score }) => score),
          all.map(({ positive }) => positive),
        )(all.map(({ weight }) => weight));
        if (pairs === 0) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(won / pairs, 12);
      }),
    );
  });

  it('needs both kinds', () => {
    expect(auroc([1, 2], [true, true])).toBeNaN();
    expect(auroc([], [])).toBeNaN();
  });
});

describe('calibration', () => {
  const bins = reliability([0.05, 0.95, 0.85, 1], [false, true, false, true]);

  it('sorts probabilities into bins of equal width, 1 into the last', () => {
    expect(bins.map(({ count }) => count)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
    expect(bins[1]).toEqual({ from: 0.1, to: 0.2, count: 0, said: null, found: null });
    expect(bins[9].said).toBeCloseTo(0.975, 12);
    expect(bins[9].found).toBe(1);
  });

  it('counts a probability as often as its weight says', () => {
    const twice = reliability([0.35, 0.35, 0.31], [true, true, false]);
    const weighed = reliability([0.35, 0.31], [true, false], [2, 1]);
    expect(weighed).toEqual(twice);
  });

  it('is off by the mean distance of what was said from what was found', () => {
    expect(calibrationError(bins)).toBeCloseTo((0.05 + 0.85 + 2 * 0.025) / 4, 12);
    expect(calibrationError(reliability([], []))).toBeNaN();
  });
});

describe('a reward as a judge', () => {
  const judge = (traces: Parameters<typeof judgeQuality>[0]) =>
    judgeQuality(
      traces,
      new Bootstrap(
        traces.map((_, i) => `${i}`),
        randomStream(1, 'judge'),
      ),
    );
  const trace = (correct: boolean, logit: number, logprob: number | null = null) => ({
    ...{ correct, logit, logprob },
  });

  it('tells right from wrong by its mean logit, beside the policy’s log-probability', () => {
    const found = judge([trace(true, 2, -1), trace(true, -1, -0.5), trace(false, -2, -0.1)]);
    expect(found).toMatchObject({ right: 2, wrong: 1, auroc: 1, log_probability_auroc: 0 });
    expect(found.auroc_interval).toEqual({ mean: 1, low: 1, high: 1 });
    expect(found.reliability.reduce((sum, { count }) => sum + count, 0)).toBe(3);
  });

  it('has no rank where all are right, or the policy was not asked', () => {
    expect(judge([trace(true, 1), trace(true, 3)])).toMatchObject({
      ...{ auroc: null, auroc_interval: null, log_probability_auroc: null, wrong: 0 },
    });
    expect(judge([trace(true, 1), trace(false, 3)]).log_probability_auroc).toBeNull();
    expect(() => judge([])).toThrow(RangeError);
  });
});
