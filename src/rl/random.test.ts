import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32 } from '../kernels/sample/philox.ts';
import { fnv1a, randomStream, streamKey } from './random.ts';

const draws = (n: number, ...args: Parameters<typeof randomStream>) => {
  const stream = randomStream(...args);
  return Array.from({ length: n }, () => stream.uniform());
};

describe('streamKey', () => {
  it('hashes names by the published FNV-1a vectors', () => {
    expect(fnv1a('')).toBe(0x811c9dc5);
    expect(fnv1a('a')).toBe(0xe40c292c);
    expect(fnv1a('foobar')).toBe(0xbf9cf968);
  });

  it('is the documented block of Philox, with both halves of the seed', () => {
    const seed = 5 * 2 ** 32 + 7;
    const named = philox4x32([7, 5, fnv1a('task'), 0], [0x6261746f, 0x6e000000]);
    expect(streamKey(seed, 'task')).toEqual(named.slice(0, 2));
    const numbered = philox4x32([7, 5, 3, 1], [0x6261746f, 0x6e000000]);
    expect(streamKey(seed, 3)).toEqual(numbered.slice(0, 2));
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses %s as a seed, naming the field', (seed) => {
    expect(() => streamKey(seed, 'x')).toThrowError(expect.objectContaining({ field: 'seed' }));
  });
});

describe('RandomStream', () => {
  it('reads its words in the documented order', () => {
    const key = streamKey(7, 'x');
    const words = [0, 1].flatMap((block) => philox4x32([1, 2, 3, block], key));
    const expected = [0, 2, 4, 6].map(
      (i) => ((words[i] >>> 5) * 2 ** 26 + (words[i + 1] >>> 6)) / 2 ** 53,
    );
    expect(draws(4, 7, 'x', 1, 2, 3)).toEqual(expected);
  });

  it('repeats for equal arguments and differs for any other seed, stream or counter', () => {
    const base = draws(8, 7, 'x', 1, 2, 3);
    expect(draws(8, 7, 'x', 1, 2, 3)).toEqual(base);
    const others = [
      draws(8, 8, 'x', 1, 2, 3),
      draws(8, 7 + 2 ** 32, 'x', 1, 2, 3),
      draws(8, 7, 'y', 1, 2, 3),
      draws(8, 7, 0, 1, 2, 3),
      draws(8, 7, 'x', 0, 2, 3),
      draws(8, 7, 'x', 1, 0, 3),
      draws(8, 7, 'x', 1, 2, 0),
    ];
    const all = [base, ...others].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('refuses counters that are not 32-bit words, and a fourth one', () => {
    expect(() => randomStream(1, 'x', -1)).toThrow(/4294967295/);
    expect(() => randomStream(1, 'x', 2 ** 32)).toThrow(/4294967295/);
    expect(() => randomStream(1, 'x', 1, 2, 3, 4)).toThrow(/three/);
  });

  it('has the mean, variance and tenths of a uniform distribution', () => {
    const values = draws(40_000, 1, 'uniform');
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.003);
    const counts = new Array(10).fill(0);
    for (const value of values) counts[Math.floor(value * 10)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 4000) ** 2 / 4000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });

  it('draws every number below n equally often', () => {
    const stream = randomStream(2, 'below');
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 21_000; i++) counts[stream.below(7)]++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 3000) ** 2 / 3000, 0);
    expect(chiSquare).toBeLessThan(22.5); // 6 degrees of freedom, p = 0.001
  });

  it('stays below n for any n, large ones too, where rejection happens', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.nat(), (n, seed) => {
        fc.pre(n >= 1);
        const value = randomStream(seed, 'n').below(n);
        expect(Number.isSafeInteger(value) && value >= 0 && value < n).toBe(true);
      }),
    );
    // A quarter of the raw draws must be rejected; folding them back would give the lowest third half of all.
    const stream = randomStream(3, 'reject');
    const n = 3 * 2 ** 51;
    let lowestThird = 0;
    for (let i = 0; i < 4500; i++) if (stream.below(n) < n / 3) lowestThird++;
    expect(Math.abs(lowestThird - 1500)).toBeLessThan(5 * Math.sqrt(1000));
    expect(() => stream.below(0)).toThrow(RangeError);
    expect(() => stream.pick([])).toThrow(RangeError);
  });

  it('shuffles a copy, into each order equally often', () => {
    const items = ['a', 'b', 'c'];
    const counts = new Map<string, number>();
    const stream = randomStream(4, 'shuffle');
    for (let i = 0; i < 6000; i++) {
      const order = stream.shuffle(items).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(items).toEqual(['a', 'b', 'c']);
    expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
  });

  it('has the first four moments of a standard normal distribution', () => {
    const stream = randomStream(5, 'normal');
    const values = Array.from({ length: 40_000 }, () => stream.normal());
    const moment = (power: number) =>
      values.reduce((sum, x) => sum + x ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.025);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.036);
    expect(Math.abs(moment(3))).toBeLessThan(0.1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25);
  });
});
