import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { valueTerm } from './value-loss.ts';

describe('valueTerm', () => {
  it.each([
    // value, old, return, loss, slope, clipped
    ['inside the range', 0.1, 0, 1, 0.405, -0.9, false],
    ['beyond it towards the return: held', 0.5, 0, 1, 0.32, 0, true],
    ['beyond it away from the return: free', -0.5, 0, 1, 1.125, -1.5, false],
    ['past the return, further than the held one: free', 1, 0, 0.3, 0.245, 0.7, false],
  ])('%s', (_name, value, old, target, loss, slope, clipped) => {
    const term = valueTerm(value, old, target, 0.2);
    expect(term.loss).toBeCloseTo(loss, 14);
    expect(term.slope).toBeCloseTo(slope, 14);
    expect(term.clipped).toBe(clipped);
  });

  it('without a range is half the squared error', () => {
    expect(valueTerm(3, -9, 1, null)).toEqual({ loss: 2, slope: 2, clipped: false });
  });

  it('has the derivative that central differences give, away from the kinks', () => {
    const number = fc.double({ min: -2, max: 2, noNaN: true });
    const H = 1e-6;
    fc.assert(
      fc.property(
        number,
        number,
        number,
        fc.constantFrom(0.2, 0.7, null),
        (value, old, target, range) => {
          const at = (x: number) => valueTerm(x, old, target, range);
          const kink = at(value - 2 * H).clipped !== at(value + 2 * H).clipped;
          fc.pre(!kink);
          const slope = (at(value + H).loss - at(value - H).loss) / (2 * H);
          expect(Math.abs(slope - at(value).slope)).toBeLessThan(1e-7);
        },
      ),
    );
  });
});
