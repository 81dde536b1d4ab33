import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenLines } from './token-lines.ts';

const answer = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 90 }).chain((widths) =>
  fc.record({
    widths: fc.constant(widths),
    steps: fc
      .uniqueArray(fc.integer({ min: 1, max: Math.max(1, widths.length) }), { maxLength: 8 })
      .map((steps) => steps.filter((step) => step <= widths.length).sort((a, b) => a - b)),
  }),
);

describe('the lines of an answer', () => {
  test('hold every token once in order, none wider than allowed unless one token is', () => {
    fc.assert(
      fc.property(answer, ({ widths, steps }) => {
        const lines = tokenLines(widths, steps, 16);
        expect(lines[0].from).toBe(0);
        expect(lines.at(-1)?.to).toBe(widths.length);
        expect(lines.slice(1).map(({ from }) => from)).toEqual(
          lines.slice(0, -1).map(({ to }) => to),
        );
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(16);
      }),
    );
  });

  test('break at the end of a step where there is one', () => {
    const lines = tokenLines(Array(20).fill(1), [4, 9, 15], 12);
    expect(lines.map(({ from, to }) => [from, to])).toEqual([
      [0, 9],
      [9, 20],
    ]);
  });
});
