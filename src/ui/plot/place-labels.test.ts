import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelledPoint, type LabelPlace, placeLabels } from './place-labels.ts';

const FRAME = { width: 640, height: 320 };
const HEIGHT = 14;

const boxesOf = (points: readonly LabelledPoint[], places: readonly LabelPlace[]) =>
  places.map(({ x, y }, i) => ({ left: x, right: x + points[i].width, y }));

/** Names of one another over, or over a point. */
function faults(points: readonly LabelledPoint[]): number {
  const boxes = boxesOf(points, placeLabels(points, FRAME));
  let count = 0;
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) {
      if (a.left < b.right && b.left < a.right && Math.abs(a.y - b.y) < HEIGHT - 1e-9) count += 1;
    }
    for (const { x, y } of points) {
      if (x > a.left && x < a.right && Math.abs(y - a.y) < HEIGHT / 2) count += 1;
    }
  });
  return count;
}

const points = (most: number) =>
  fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: FRAME.width }),
      y: fc.integer({ min: 0, max: FRAME.height }),
      width: fc.integer({ min: 20, max: 110 }),
    }),
    { maxLength: most },
  );

describe('names of points', () => {
  it('lie neither over one another nor over a point, wherever a dozen points are', () => {
    fc.assert(fc.property(points(12), (all) => faults(all) === 0));
  });

  it('nor where a dozen points are in one place', () => {
    expect(faults(Array.from({ length: 12 }, () => ({ x: 300, y: 160, width: 90 })))).toBe(0);
  });

  it('stay within the frame, however many there are', () => {
    fc.assert(
      fc.property(points(60), (all) => {
        for (const { left, right, y } of boxesOf(all, placeLabels(all, FRAME))) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(right).toBeLessThanOrEqual(FRAME.width);
          expect(y).toBeGreaterThanOrEqual(HEIGHT / 2);
          expect(y).toBeLessThanOrEqual(FRAME.height - HEIGHT / 2);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('stand right of a lone point, and left of one at the right edge, without a leader', () => {
    const [inner] = placeLabels([{ x: 100, y: 100, width: 50 }], FRAME);
    expect(inner).toEqual({ x: 110, y: 100, leader: null });
    const [outer] = placeLabels([{ x: 630, y: 100, width: 50 }], FRAME);
    expect(outer).toEqual({ x: 570, y: 100, leader: null });
  });

  it('have a leader from their point where they had to go away from it', () => {
    const same = Array.from({ length: 12 }, () => ({ x: 300, y: 160, width: 90 }));
    const led = placeLabels(same, FRAME).filter(({ leader }) => leader);
    expect(led.length).toBeGreaterThan(0);
    expect(led.length).toBeLessThan(same.length);
    for (const { leader } of led) expect(leader).toMatchObject({ x1: 300, y1: 160 });
  });

  it('have a leader where another point is nearer to them than their own', () => {
    const pair = [
      { x: 300, y: 160, width: 60 },
      { x: 312, y: 160, width: 60 },
      { x: 290, y: 160, width: 60 },
    ];
    const places = placeLabels(pair, FRAME);
    const nearest = places.map(({ x, y }, i) => {
      const away = pair.map((p) => {
        const left = Math.min(x + pair[i].width, Math.max(x, p.x));
        return Math.hypot(left - p.x, Math.max(0, Math.abs(y - p.y) - 3.5));
      });
      return away[i] <= Math.min(...away);
    });
    expect(nearest).toContain(false);
    expect(places.map(({ leader }) => leader === null)).toEqual(nearest);
  });

  it('have a place even where they are wider than the frame', () => {
    expect(placeLabels([{ x: 10, y: 10, width: 900 }], FRAME)[0].x).toBe(0);
  });
});
