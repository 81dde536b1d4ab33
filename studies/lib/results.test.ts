import { describe, expect, test } from 'vitest';
import { trial } from '../smoke.ts';
import { early, evaluated, firstStepAt, last, late, points, Results } from './results.ts';
import { madeUp } from './testing/made-up.ts';

const accuracy = evaluated('test', (e) => e.accuracy);

describe('results', () => {
  test('a difference is taken seed by seed, so that what seeds share cancels', () => {
    const raw = madeUp(trial, {
      seeds: [1, 2, 3, 4, 5],
      accuracy: (arm, seed) => 0.1 * seed + (arm === 'fast' ? 0.03 : 0),
    });
    const { mean, low, high, n } = new Results(trial, raw).difference('fast', 'slow', accuracy)!;
    expect(n).toBe(5);
    expect(mean).toBeCloseTo(0.03, 6);
    expect(high! - low!).toBeLessThan(1e-6);
  });

  test('a seed that one arm lacks is left out of a difference, and not taken for zero', () => {
    const raw = madeUp(trial, {
      seeds: [1, 2, 3],
      accuracy: (arm) => (arm === 'fast' ? 0.5 : 0.4),
    });
    const runs = raw.runs.filter(({ arm, seed }) => !(arm === 'slow' && seed === 2));
    const found = new Results(trial, { ...raw, runs }).difference('fast', 'slow', accuracy)!;
    expect(found.n).toBe(2);
    expect(found.mean).toBeCloseTo(0.1, 6);
  });

  test('runs of arms that the part no longer has, or defines otherwise now, are not counted', () => {
    const raw = madeUp(trial);
    const stray = { ...raw.runs[0], arm: 'gone' };
    const old = madeUp({ ...trial, base: { ...trial.base, policy: 'policies/other' } }).runs[0];
    const results = new Results(trial, { ...raw, runs: [...raw.runs, stray, old] });
    expect(results.runs).toHaveLength(raw.runs.length);
    expect(results.stale).toEqual([stray, old]);
  });

  test('the first step at a level is that of the smoothed curve, or none', () => {
    const series = { steps: [0, 10, 20, 30], values: [0, 0.9, 0.3, 0.6] };
    expect(firstStepAt(series, 0.4, 1)).toBe(10);
    expect(firstStepAt(series, 0.4, 2)).toBe(10);
    expect(firstStepAt(series, 0.4, 3)).toBe(10);
    expect(firstStepAt(series, 0.55, 2)).toBe(20);
    expect(firstStepAt(series, 0.95, 1)).toBeUndefined();
    expect(firstStepAt(undefined, 0, 1)).toBeUndefined();
  });

  test('values that were not finite are left out of a curve', () => {
    expect(points({ steps: [1, 2, 3], values: [1, null, 3] })).toEqual([
      [1, 1],
      [3, 3],
    ]);
    expect(last('x')({ series: { x: { steps: [1, 2], values: [5, null] } } } as never)).toBe(5);
  });

  test('the last steps are counted in steps, however few points stand for them', () => {
    const run = { steps: 8, series: { x: { steps: [2, 4, 6, 8], values: [1, 2, 3, 5] } } } as never;
    expect(late('x', 4)(run)).toBe(4);
    expect(late('x', 2)(run)).toBe(5);
    expect(late('y', 4)(run)).toBeUndefined();
    expect(early('x', 2)(run)).toBe(1);
    expect(early('x', 4)(run)).toBe(1.5);
    expect(early('y', 4)(run)).toBeUndefined();
  });
});
