import { describe, expect, test } from 'vitest';
import { estimate, ratioEstimate, smooth, studentT95 } from './over-seeds.ts';

describe('intervals over seeds', () => {
  test('the quantile of t is that of the printed tables', () => {
    // Two-sided 95 %: any statistics book's table.
    const printed = [
      [1, 12.706],
      [2, 4.303],
      [3, 3.182],
      [4, 2.776],
      [9, 2.262],
      [30, 2.042],
      [1000, 1.962],
    ];
    for (const [df, t] of printed) expect(studentT95(df)).toBeCloseTo(t, 3);
  });

  test('mean and interval of a worked example', () => {
    // Mean 3, sample deviation sqrt(2.5), half-width 2.776 sqrt(2.5 / 5).
    const { mean, low, high, n } = estimate([1, 2, 3, 4, 5])!;
    expect([mean, n]).toEqual([3, 5]);
    expect(low).toBeCloseTo(3 - 1.9632, 3);
    expect(high).toBeCloseTo(3 + 1.9632, 3);
  });

  test('one seed has no interval, and none has no estimate', () => {
    expect(estimate([0.5])).toEqual({ mean: 0.5, low: null, high: null, n: 1 });
    expect(estimate([])).toBeUndefined();
  });

  test('a ratio and its inverse have inverse intervals', () => {
    const ratios = [1.2, 0.9, 2.5, 1.1];
    const a = ratioEstimate(ratios)!;
    const b = ratioEstimate(ratios.map((r) => 1 / r))!;
    expect(a.mean * b.mean).toBeCloseTo(1, 10);
    expect(a.low! * b.high!).toBeCloseTo(1, 10);
  });

  test('a trailing mean never looks ahead', () => {
    expect(smooth([1, 2, 3, 10], 2)).toEqual([1, 1.5, 2.5, 6.5]);
    expect(smooth([1, 2, 3, 99], 3).slice(0, 3)).toEqual(smooth([1, 2, 3, -99], 3).slice(0, 3));
  });
});
