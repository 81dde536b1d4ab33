import { describe, expect, test } from 'vitest';
import { thinSamples } from './thin.ts';

/** Two groups of each of some steps. */
const lines = (steps: readonly number[]) =>
  steps.flatMap((step) => [0, 1].map((group) => JSON.stringify({ step, group })));
const stepsOf = (kept: readonly string[]) => [
  ...new Set(kept.map((line) => JSON.parse(line).step)),
];

describe('thinned samples', () => {
  test('are those of evenly spaced steps, the first and the last among them, in their order', () => {
    const kept = thinSamples(lines([1, 2, 3, 4, 5, 6, 7, 8, 9]), 3);
    expect(kept).toEqual(lines([1, 5, 9]));
  });

  test('are all where there are no more steps than that', () => {
    expect(thinSamples(lines([1, 2]), 2)).toEqual(lines([1, 2]));
    expect(thinSamples([], 3)).toEqual([]);
  });

  test('keep exactly so many steps', () => {
    for (const most of [2, 3, 7, 11]) {
      const steps = Array.from({ length: 100 }, (_, i) => i + 1);
      const kept = stepsOf(thinSamples(lines(steps), most));
      expect(kept.length).toBe(most);
      expect([kept[0], kept.at(-1)]).toEqual([1, 100]);
    }
  });
});
