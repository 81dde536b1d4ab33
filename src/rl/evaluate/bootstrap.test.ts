import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { Bootstrap, type Interval } from './bootstrap.ts';

const random = () => randomStream(1, 'statistics');
/** Questions that have nothing to do with each other. */
const alone = (count: number) => Array.from({ length: count }, (_, i) => `question ${i}`);
/** `count` clusters of `size` questions, one cluster after the other. */
const together = (count: number, size: number) =>
  Array.from({ length: count * size }, (_, i) => `cluster ${Math.floor(i / size)}`);
const width = ({ low, high }: Interval) => high - low;

describe('the bootstrap over questions that stand alone', () => {
  it('gives a point where all questions agree', () => {
    const interval = new Bootstrap(alone(3), random()).mean([0.5, 0.5, 0.5]);
    expect(interval).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('agrees with the normal interval of a proportion for many questions', () => {
    const questions = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
    const interval = new Bootstrap(alone(400), random()).mean(questions);
    expect(interval.mean).toBe(0.25);
    expect(Math.abs(interval.low - (0.25 - half))).toBeLessThan(0.006);
    expect(Math.abs(interval.high - (0.25 + half))).toBeLessThan(0.006);
  });

  it('is narrower at a lower level and the same for the same stream', () => {
    const questions = [0, 0.25, 1, 0.5, 0.75, 1, 0, 0];
    const wide = new Bootstrap(alone(8), random()).mean(questions);
    const narrow = new Bootstrap(alone(8), random(), { level: 0.5 }).mean(questions);
    expect(narrow.low).toBeGreaterThan(wide.low);
    expect(narrow.high).toBeLessThan(wide.high);
    expect(new Bootstrap(alone(8), random()).mean(questions)).toEqual(wide);
  });

  it('of one question or two is what counting by hand gives', () => {
    expect(new Bootstrap(alone(1), random()).mean([0.3])).toEqual({
      mean: 0.3,
      low: 0.3,
      high: 0.3,
    });
    // Of two questions a resample is both (1/2), the first twice or the second twice (1/4 each).
    expect(new Bootstrap(alone(2), random()).mean([0, 1])).toEqual({ mean: 0.5, low: 0, high: 1 });
    const half = new Bootstrap(alone(2), random(), { level: 0.4 }).mean([0, 1]);
    expect(half).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  });

  it('weights a ratio by its denominators, and leaves out resamples where they are 0', () => {
    const bootstrap = new Bootstrap(alone(2), random());
    // The second question was never tried, so every resample that is defined has the first one's rate.
    expect(bootstrap.ratio([1, 0], [4, 0])).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    expect(bootstrap.ratio([1, 3], [4, 6]).mean).toBe(0.4);
    const never = bootstrap.ratio([0, 0], [0, 0]);
    expect([never.mean, never.low, never.high]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('shares its draws, so that the difference of two columns that move together has no spread', () => {
    const first = Array.from({ length: 50 }, (_, i) => i / 50);
    const second = first.map((value) => value + 0.1);
    const bootstrap = new Bootstrap(alone(50), random());
    const gain = bootstrap.statistic([second, first], ([a, b]) => (a - b) / 50);
    expect(gain.low).toBeCloseTo(0.1, 12);
    expect(gain.high).toBeCloseTo(0.1, 12);
    expect(bootstrap.mean(first).high - bootstrap.mean(first).low).toBeGreaterThan(0.05);
  });
});

it('a number made from weights has the interval of the same number made from sums', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i * 7) % 11);
  const bootstrap = new Bootstrap(together(20, 3), random());
  const weighted = bootstrap.weighted((weights) => {
    const sum = values.reduce((all, value, i) => all + weights[i] * value, 0);
    return sum / Array.from(weights).reduce((a, b) => a + b);
  });
  const { mean, low, high } = bootstrap.mean(values);
  expect(weighted.mean).toBeCloseTo(mean, 12);
  expect(weighted.low).toBeCloseTo(low, 12);
  expect(weighted.high).toBeCloseTo(high, 12);
});

describe('the bootstrap over clusters', () => {
  // 100 clusters of 4 questions, which are right or wrong together; one in four is right.
  const verdicts = Array.from({ length: 100 }, (_, i) => Number(i % 4 === 0));
  const repeated = verdicts.flatMap((verdict) => new Array<number>(4).fill(verdict));

  it('of questions that say four times the same is the interval of asking once, twice as wide as over questions', () => {
    const once = new Bootstrap(alone(100), random()).mean(verdicts);
    const clustered = new Bootstrap(together(100, 4), random()).mean(repeated);
    expect(clustered).toEqual(once);
    const careless = new Bootstrap(alone(400), random()).mean(repeated);
    // The square root of 4, within what two quantiles of 1,000 resamples can miss.
    expect(width(clustered) / width(careless)).toBeGreaterThan(1.8);
    expect(width(clustered) / width(careless)).toBeLessThan(2.2);
  });

  it('agrees with the normal interval where questions of a cluster go together half of the time', () => {
    // Per cluster a share of right answers of 0, 1/2 or 1 in the proportions 1 : 2 : 1, as of two independent questions.
    const shares = Array.from({ length: 400 }, (_, i) => [0, 1, 0, 1, 0, 0, 1, 1][(2 * i) % 8]);
    const others = Array.from({ length: 400 }, (_, i) => [0, 1, 0, 1, 0, 0, 1, 1][(2 * i + 1) % 8]);
    const questions = shares.flatMap((first, i) => [first, others[i]]);
    const sums = shares.map((first, i) => (first + others[i]) / 2);
    const mean = sums.reduce((a, b) => a + b) / 400;
    const variance = sums.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 400;
    const half = 1.96 * Math.sqrt(variance / 400);
    const interval = new Bootstrap(together(400, 2), random()).mean(questions);
    expect(Math.abs(interval.low - (mean - half))).toBeLessThan(0.008);
    expect(Math.abs(interval.high - (mean + half))).toBeLessThan(0.008);
  });

  it('does not depend on where the questions of a cluster stand, nor on what clusters are called', () => {
    const keys = ['a', 'b', 'a', 'c', 'b', 'a'];
    const values = [1, 0, 0, 1, 1, 0.5];
    const interval = new Bootstrap(keys, random()).mean(values);
    const sorted = ['x', 'x', 'x', 'y', 'y', 'z'];
    const moved = new Bootstrap(sorted, random()).mean([1, 0, 0.5, 0, 1, 1]);
    expect([moved.low, moved.high]).toEqual([interval.low, interval.high]);
    expect(moved.mean).toBeCloseTo(interval.mean, 14);
  });

  it('of two clusters of different sizes has the three means that counting by hand gives', () => {
    // Both (4 / 5), the large one twice (1) or the small one twice (0).
    const bootstrap = (level: number) =>
      new Bootstrap(['a', 'a', 'a', 'a', 'b'], random(), { level });
    expect(bootstrap(0.95).mean([1, 1, 1, 1, 0])).toEqual({ mean: 0.8, low: 0, high: 1 });
    expect(bootstrap(0.4).mean([1, 1, 1, 1, 0])).toEqual({ mean: 0.8, low: 0.8, high: 0.8 });
  });
});
