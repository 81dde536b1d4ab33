import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketSize, decimate, POINT_BUDGET } from './decimate.ts';
import { smooth } from './smoothing.ts';

const value = fc.oneof(
  { weight: 12, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const long = fc.array(value, { minLength: 1, maxLength: 1500, size: 'max' });

describe('decimate', () => {
  it('draws everything up to the budget and never more than the budget', () => {
    fc.assert(
      fc.property(long, (values) => {
        const kept = decimate(values);
        expect(kept.length).toBeLessThanOrEqual(POINT_BUDGET);
        if (values.length <= POINT_BUDGET) expect(kept.length).toBe(values.length);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the least, the greatest and the last value, in order and once', () => {
    fc.assert(
      fc.property(long, (values) => {
        const kept = decimate(values);
        const finite = values.filter((x) => !Number.isNaN(x));
        const drawn = kept.map((i) => values[i]).filter((x) => !Number.isNaN(x));
        expect(kept.at(-1)).toBe(values.length - 1);
        for (let i = 1; i < kept.length; i += 1) expect(kept[i]).toBeGreaterThan(kept[i - 1]);
        if (finite.length === 0) return;
        expect(Math.max(...drawn)).toBe(Math.max(...finite));
        expect(Math.min(...drawn)).toBe(Math.min(...finite));
      }),
      { numRuns: 40 },
    );
  });

  it('never draws a new past point when data arrive: complete buckets keep or thin theirs', () => {
    fc.assert(
      fc.property(
        long,
        fc.array(value, { maxLength: 1500, size: 'max' }),
        fc.constantFrom(0, 0.8),
        (past, more, factor) => {
          const before = smooth(past, factor);
          const after = smooth([...past, ...more], factor);
          const size = bucketSize(0, past.length, POINT_BUDGET);
          const complete = Math.floor(past.length / size) * size;
          const drawn = new Set(decimate(before));
          const inPast = decimate(after).filter((i) => i < complete);
          for (const i of inPast) {
            expect(drawn.has(i)).toBe(true);
            expect(after[i]).toBe(before[i]);
          }
          const sameSize =
            past.length > POINT_BUDGET && bucketSize(0, after.length, POINT_BUDGET) === size;
          if (sameSize) {
            const pastDrawn = decimate(before).filter((i) => i < complete);
            // The last value of the past stands out only while it is the last.
            expect(
              pastDrawn.filter((i) => !inPast.includes(i)).every((i) => i === past.length - 1),
            ).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps a gap in every stretch that has one', () => {
    const values = Array.from({ length: 1200 }, (_, i) => Math.sin(i));
    for (let i = 700; i < 760; i += 1) values[i] = Number.NaN;
    const kept = decimate(values).filter((i) => i > 690 && i < 770);
    expect(kept.some((i) => Number.isNaN(values[i]))).toBe(true);
    // nothing finite is drawn between the two ends of the gap
    expect(kept.some((i) => i >= 700 && i < 760 && !Number.isNaN(values[i]))).toBe(false);
  });

  it('cuts a range on the same bucket edges as the whole', () => {
    const values = Array.from({ length: 5000 }, (_, i) => Math.cos(i * 1.7));
    const kept = decimate(values, 1003, 3001);
    expect(kept[0]).toBeGreaterThanOrEqual(1003);
    expect(kept.at(-1)).toBe(3000);
    expect(kept.length).toBeLessThanOrEqual(POINT_BUDGET);
  });
});
