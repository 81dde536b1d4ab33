import { describe, expect, test } from 'vitest';
import { expectedSum, meanSum } from './pay-sums.ts';

describe('what verdicts paid', () => {
  test('is a sum over all of them, equal ones together and the best paid first', () => {
    expect(meanSum([0.55, 1])).toBe('(1 + 0.55) / 2 = 0.78');
    expect(meanSum([0, 1, 0.6, 1])).toBe('(2 × 1 + 0.6 + 0) / 4 = 0.65');
    expect(meanSum([0, 0])).toBe('(2 × 0) / 2 = 0.00');
  });

  test('of one verdict is that verdict’s pay', () => {
    expect(meanSum([0.55])).toBe('0.55');
  });

  test('by probabilities is the chance of the naming that pays, and of a tie times what that pays', () => {
    expect(expectedSum(0.3, 0.5, 0.6)).toBe('0.30 + 0.50 × 0.6 = 0.60');
    expect(expectedSum(0.034, 0.934, 0.55)).toBe('0.03 + 0.93 × 0.55 = 0.54');
  });
});
