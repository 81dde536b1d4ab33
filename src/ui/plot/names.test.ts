import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAME_HEIGHT, spread } from './names.ts';

describe('names beside a plot', () => {
  it('keep their distance and stay above the bottom, whatever they name', () => {
    const heights = fc.array(fc.double({ min: -20, max: 220, noNaN: true }), { maxLength: 9 });
    fc.assert(
      fc.property(heights, (wanted) => {
        const placed = spread(wanted, 8, 200).sort((a, b) => a - b);
        placed.forEach((height, i) => {
          expect(height).toBeLessThanOrEqual(200);
          if (i > 0) expect(height - placed[i - 1]).toBeGreaterThanOrEqual(NAME_HEIGHT - 1e-9);
        });
      }),
    );
  });

  it('stand where they want to where nothing is in the way', () => {
    expect(spread([100, 40, 160], 8, 200)).toEqual([100, 40, 160]);
    expect(spread([100, 101], 8, 200)).toEqual([100, 114]);
  });
});
