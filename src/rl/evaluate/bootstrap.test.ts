import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { Bootstrap } from './bootstrap.ts';

const random = () => randomStream(1, 'statistics');

describe('the bootstrap over questions', () => {
  it('gives a point where all questions agree', () => {
    const interval = new Bootstrap(3, random()).mean([0.5, 0.5, 0.5]);
    expect(interval).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('agrees with the normal interval of a proportion for many questions', () => {
    const questions = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    const interval = new Bootstrap(400, random()).mean(questions);
    expect(interval.mean).toBe(0.25);
    expect(Math.abs(interval.low - (0.25 - half))).toBeLessThan(0.006);
    expect(Math.abs(interval.high - (0.25 + half))).toBeLessThan(0.006);
  });

  it('is narrower at a lower level and the same for the same stream', () => {
    const questions = [0, 0.25, 1, 0.5, 0.75, 1, 0, 0];
    const wide = new Bootstrap(8, random()).mean(questions);
    const narrow = new Bootstrap(8, random(), { level: 0.5 }).mean(questions);
    expect(narrow.low).toBeGreaterThan(wide.low);
    expect(narrow.high).toBeLessThan(wide.high);
    expect(new Bootstrap(8, random()).mean(questions)).toEqual(wide);
  });

  it('of one question or two is what counting by hand gives', () => {
    expect(new Bootstrap(1, random()).mean([0.3])).toEqual({ mean: 0.3, low: 0.3, high: 0.3 });
    // Of two questions a resample is both (1/2), the first twice or the second twice (1/4 each).
    expect(new Bootstrap(2, random()).mean([0, 1])).toEqual({ mean: 0.5, low: 0, high: 1 });
    const half = new Bootstrap(2, random(), { level: 0.4 }).mean([0, 1]);
    expect(half).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('weights a ratio by its denominators, and leaves out resamples where they are 0', () => {
    const bootstrap = new Bootstrap(2, random());
    // The second question was never tried, so every resample that is defined has the first one's rate.
    expect(bootstrap.ratio([1, 0], [4, 0])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    expect(bootstrap.ratio([1, 3], [4, 6]).mean).toBe(0.4);
    const never = bootstrap.ratio([0, 0], [0, 0]);
    expect([never.mean, never.low, never.high]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('shares its draws, so that the difference of two columns that move together has no spread', () => {
    const first = Array.from({ length: 50 }, (_, i) => i / 50);
    const second = first.map((value) => value + 0.1);
    const bootstrap = new Bootstrap(50, random());
    const gain = bootstrap.statistic([second, first], ([a, b]) => (a - b) / 50);
    expect(gain.low).toBeCloseTo(0.1, 12);
    expect(gain.high).toBeCloseTo(0.1, 12);
    expect(bootstrap.mean(first).high - bootstrap.mean(first).low).toBeGreaterThan(0.05);
  });
});
