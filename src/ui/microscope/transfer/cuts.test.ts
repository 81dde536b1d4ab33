import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenLines } from '../token-lines.ts';
import { cutAtPlace, cutOrder, moveCut, placeOf } from './cuts.ts';

const answer = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 90 }).chain((widths) =>
  fc.record({
    widths: fc.constant(widths),
    steps: fc
      .uniqueArray(fc.integer({ min: 1, max: Math.max(1, widths.length) }), { maxLength: 8 })
      .map((steps) => steps.filter((step) => step <= widths.length).sort((a, b) => a - b)),
  }),
);

describe('the order of cuts', () => {
  test('has every cut once, the ends and the ends of steps first', () => {
    fc.assert(
      fc.property(answer, ({ widths, steps }) => {
        const count = widths.length;
        const order = cutOrder(count, steps);
        expect(order.toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: count + 1 }, (_, i) => i),
        );
        const first = new Set(order.slice(0, new Set([0, count, ...steps]).size));
        expect(first).toEqual(new Set([0, count, ...steps]));
      }),
    );
  });

  test('halves the gaps between steps', () => {
    expect(cutOrder(8, [])).toEqual([0, 8, 4, 2, 6, 1, 3, 5, 7]);
  });
});

describe('moving the cut', () => {
  const steps = [7, 14];
  test('goes token by token and stops at the ends', () => {
    expect(moveCut(3, 1, 'token', 14, steps)).toBe(4);
    expect(moveCut(0, -1, 'token', 14, steps)).toBe(0);
    expect(moveCut(14, 1, 'token', 14, steps)).toBe(14);
  });
  test('goes to the next end of a step, and beyond the last to the ends', () => {
    expect(moveCut(3, 1, 'step', 14, steps)).toBe(7);
    expect(moveCut(7, 1, 'step', 14, steps)).toBe(14);
    expect(moveCut(7, -1, 'step', 14, steps)).toBe(0);
    expect(moveCut(9, -1, 'step', 14, steps)).toBe(7);
    expect(moveCut(9, 1, 'end', 14, steps)).toBe(14);
  });
});

describe('the places on the lines of an answer', () => {
  test('give each cut one place, and find it there again', () => {
    fc.assert(
      fc.property(answer, ({ widths, steps }) => {
        const lines = tokenLines(widths, steps, 16);
        for (let cut = 0; cut <= widths.length; cut++) {
          const places = lines.flatMap((line, i) => {
            const place = placeOf(line, cut, i === lines.length - 1);
            return place === undefined ? [] : [{ line, place }];
          });
          expect(places).toHaveLength(1);
          expect(cutAtPlace(places[0].line, places[0].place)).toBe(cut);
        }
      }),
    );
  });
});
