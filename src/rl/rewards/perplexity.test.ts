import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { perplexity, surprise, takenAway } from './perplexity.ts';

describe('the surprise of a completion', () => {
  it('is the mean negative log-probability over all its tokens', () => {
    expect(surprise([-1, -2, -6])).toBe(3);
    expect(perplexity(surprise([Math.log(0.5), Math.log(0.125)]))).toBeCloseTo(4, 12);
  });

  it('is 0 without tokens, so that the perplexity is 1', () => {
    expect(surprise([])).toBe(0);
    expect(perplexity(surprise([]))).toBe(1);
  });

  it('is never below 0, whatever rounding did', () => {
    expect(surprise([1e-7])).toBe(0);
  });

  test.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    'of a token with log-prob %s is refused',
    (bad) => {
      expect(() => surprise([-1, bad])).toThrow(expect.objectContaining({ kind: 'NonFinite' }));
    },
  );
});

test('a perplexity that overflows is null', () => {
  expect(perplexity(700)).toBeGreaterThan(1e300);
  expect(perplexity(710)).toBeNull();
});

describe('what the question takes away', () => {
  test.each([
    [0.2, 0.9, 0.5034],
    [0.5, 0.5, 0],
    [1.5, 0.5, -1.7183],
  ])('from %f given to %f alone is %f', (given, alone, expected) => {
    expect(takenAway(given, alone, 'ratio')).toBeCloseTo(expected, 4);
  });

  it('is the quotient of the definition wherever that does not overflow', () => {
    const nats = fc.double({ min: 0, max: 300, noNaN: true });
    fc.assert(
      fc.property(nats, nats, (given, alone) => {
        const [q, p] = [Math.exp(given), Math.exp(alone)];
        const direct = (p - q) / (p + 1e-9);
        const ratio = takenAway(given, alone, 'ratio');
        expect(Math.abs(ratio - direct)).toBeLessThan(1e-9 * Math.max(1, Math.abs(direct)));
        const log = takenAway(given, alone, 'log');
        expect(log).toBe((alone - given) / (alone + 1e-9));
      }),
    );
  });

  it('is never NaN and never above 1, however large the perplexities', () => {
    const nats = fc.oneof(
      fc.double({ min: 0, max: 1e300, noNaN: true }),
      fc.constantFrom(0, 1e-300, 709, 710, 1e5),
    );
    fc.assert(
      fc.property(nats, nats, fc.constantFrom('ratio', 'log'), (given, alone, form) => {
        const value = takenAway(given, alone, form);
        expect(value).not.toBeNaN();
        expect(value).toBeLessThanOrEqual(1);
      }),
    );
    expect(takenAway(1e5, 1e5, 'ratio')).toBe(0);
    expect(takenAway(0, 0, 'log')).toBe(0);
  });
});
