import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auroc, aurocOf, calibrationError, reliability } from './as-judge.ts';

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

  it('is off by the mean distance of what was said from what was found', () => {
    expect(calibrationError(bins)).toBeCloseTo((0.05 + 0.85 + 2 * 0.025) / 4, 12);
    expect(calibrationError(reliability([], []))).toBeNaN();
  });
});
