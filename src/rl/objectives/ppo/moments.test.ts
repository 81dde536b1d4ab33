import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainedVariance, momentsOf, whiten } from './moments.ts';

describe('whiten', () => {
  it('makes mean 0 and sample deviation 1 over all lists together, and keeps their order', () => {
    const lists = fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 6 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        lists.filter((all) => new Set(all.flat()).size > 1),
        (all) => {
          const white = whiten(all);
          const { mean, variance } = momentsOf(white);
          expect(mean).toBeCloseTo(0, 10);
          expect(variance).toBeCloseTo(1, 6);
          expect(white.map((list) => list.length)).toEqual(all.map((list) => list.length));
          const kept = whiten(all, { keepMean: true });
          expect(momentsOf(kept).mean).toBeCloseTo(momentsOf(all).mean, 10);
        },
      ),
    );
  });

  it('gives zeros, not infinities, for equal numbers and for one', () => {
    expect(whiten([[0.25, 0.25], [0.25]]).map((list) => [...list])).toEqual([[0, 0], [0]]);
    expect(whiten([[7]]).map((list) => [...list])).toEqual([[0]]);
    expect(whiten([])).toEqual([]);
  });
});

describe('explainedVariance', () => {
  it('is 1 for values equal to the returns, 0 for any constant, negative for the opposite', () => {
    const returns = [[1, 2], [4]];
    expect(explainedVariance(returns, returns)).toBe(1);
    expect(explainedVariance(returns, [[3, 3], [3]])).toBeCloseTo(0, 14);
    expect(explainedVariance(returns, [[-1, -2], [-4]])).toBeCloseTo(-3, 14);
  });

  it('is unknown where the returns do not vary', () => {
    expect(explainedVariance([[1, 1]], [[0, 3]])).toBeNull();
  });
});
