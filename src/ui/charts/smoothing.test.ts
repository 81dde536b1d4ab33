import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

const values = fc.array(
  fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
    { weight: 1, arbitrary: fc.constant(Number.NaN) },
  ),
  { maxLength: 80 },
);
const factor = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('smooth', () => {
  it('gives hand-computed values', () => {
    // f = 0.5: m = 1/2, 3/4 * ...: (0.5*4)/0.5 = 4; (0.25*4 + 0.5*8)/0.75 = 20/3
    expect(smooth([4, 8], 0.5)[0]).toBeCloseTo(4, 12);
    expect(smooth([4, 8], 0.5)[1]).toBeCloseTo(20 / 3, 12);
  });

  it('never moves a past point when data arrive', () => {
    fc.assert(
      fc.property(values, values, factor, (past, more, f) => {
        expect(smooth([...past, ...more], f).slice(0, past.length)).toEqual(smooth(past, f));
      }),
    );
  });

  it('stays between the least and the greatest value so far', () => {
    fc.assert(
      fc.property(values, factor, (series, f) => {
        const out = smooth(series, f);
        for (let i = 0; i < series.length; i += 1) {
          if (Number.isNaN(series[i])) continue;
          const seen = series.slice(0, i + 1).filter((value) => !Number.isNaN(value));
          expect(out[i]).toBeGreaterThanOrEqual(Math.min(...seen) - 1e-6);
          expect(out[i]).toBeLessThanOrEqual(Math.max(...seen) + 1e-6);
        }
      }),
    );
  });

  it('keeps gaps exactly where they are and goes on as if they were not there', () => {
    fc.assert(
      fc.property(values, factor, (series, f) => {
        const out = smooth(series, f);
        expect(out.map(Number.isNaN)).toEqual(series.map(Number.isNaN));
        const dense = series.filter((value) => !Number.isNaN(value));
        expect(out.filter((value) => !Number.isNaN(value))).toEqual([...smooth(dense, f)]);
      }),
    );
  });
});
