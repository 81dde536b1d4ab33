import { describe, expect, test } from 'vitest';
import { differenceInterval, wilson } from './interval.ts';

describe('the interval of a share', () => {
  test('is the score interval: 81 of 263 is 0.2553 to 0.3662', () => {
    // The example of Newcombe's paper on single proportions (1998), method 3.
    const { low, high } = wilson({ right: 81, tries: 263 });
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  test('is never a point, and stays within 0 and 1', () => {
    for (const tries of [1, 5, 48]) {
      const none = wilson({ right: 0, tries });
      const all = wilson({ right: tries, tries });
      expect(none.low).toBe(0);
      expect(none.high).toBeGreaterThan(0);
      expect(all.high).toBe(1);
      expect(all.low).toBeLessThan(1);
      expect(all.low).toBeCloseTo(1 - none.high, 12);
    }
  });

  test('says nothing without tries', () => {
    expect(wilson({ right: 0, tries: 0 })).toEqual({ low: 0, high: 1 });
  });
});

describe('the interval of a difference', () => {
  test('is that of method 10: 56 of 70 less 48 of 80 is 0.0524 to 0.3339', () => {
    // Example (a) of Newcombe's paper on differences (1998), table II.
    const { low, high } = differenceInterval({ right: 56, tries: 70 }, { right: 48, tries: 80 });
    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  test('turns around with its arguments', () => {
    const [a, b] = [
      { right: 7, tries: 24 },
      { right: 15, tries: 48 },
    ];
    const there = differenceInterval(a, b);
    const back = differenceInterval(b, a);
    expect(there.low).toBeCloseTo(-back.high, 12);
    expect(there.high).toBeCloseTo(-back.low, 12);
  });
});
