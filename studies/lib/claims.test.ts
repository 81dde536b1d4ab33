import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Test, verdict } from './claims.ts';

function claim(change: Partial<Test>): Test {
  return {
    ours: undefined,
    show: String,
    unit: '',
    direction: 1,
    border: 0,
    ...change,
  };
}
const interval = (low: number, high: number) => ({ mean: (low + high) / 2, low, high, n: 5 });

describe('verdicts', () => {
  test('holds where the whole interval is on the paper’s side, and does not where it is on the other', () => {
    expect(verdict(claim({ ours: interval(0.1, 2) }))).toBe('holds');
    expect(verdict(claim({ ours: interval(-2, -0.1) }))).toBe('does not hold');
    expect(verdict(claim({ ours: interval(-0.1, 2) }))).toBe('not decided at this size');
    expect(verdict(claim({ ours: interval(-1, 2), border: -2 }))).toBe('holds');
  });

  test('without a number, or with one seed, nothing is decided', () => {
    expect(verdict(claim({}))).toBe('not measured');
    const one = { mean: 9, low: null, high: null, n: 1 };
    expect(verdict(claim({ ours: one }))).toBe('not decided at this size');
  });

  test('a claim about less is the mirror of a claim about more', () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, number, (a, b, border) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(verdict(claim({ ours: interval(low, high), border }))).toBe(
          verdict(claim({ ours: interval(-high, -low), border: -border, direction: -1 })),
        );
      }),
    );
  });
});
