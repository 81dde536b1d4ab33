import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { type JudgedAnswer, majAtEachK, majority, mean, passAtK } from './statistics.ts';

/** 'R' is the right answer, '-' has no answer, other letters are wrong answers. */
const judged = (letters: string): JudgedAnswer[] =>
  [...letters].map((letter) => ({
    answer: letter === '-' ? null : letter,
    correct: letter === 'R',
  }));
const random = () => randomStream(1, 'statistics');

describe('passAtK', () => {
  it.each([
    [4, 1, 1, 1 / 4],
    [4, 1, 2, 1 / 2],
    [4, 2, 2, 1 - 1 / 6],
    [5, 2, 3, 1 - 1 / 10],
    [8, 3, 4, 1 - 5 / 70],
    [8, 0, 8, 0],
    [8, 8, 1, 1],
    [8, 5, 4, 1],
  ])('of %i samples, %i right, k = %i is %f', (n, c, k, expected) => {
    expect(passAtK(n, c, k)).toBeCloseTo(expected, 14);
  });

  it('stays finite and rises with k for thousands of samples', () => {
    const values = [1, 10, 100, 1000].map((k) => passAtK(5000, 3, k));
    expect(values[0]).toBeCloseTo(3 / 5000, 14);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(values[3]).toBeCloseTo(1 - (4000 * 3999 * 3998) / (5000 * 4999 * 4998), 12);
  });

  it('refuses k outside of 1..n and c outside of 0..n', () => {
    for (const k of [0, 5, 1.5]) expect(() => passAtK(4, 1, k)).toThrow(RangeError);
    for (const c of [-1, 5]) expect(() => passAtK(4, c, 1)).toThrow(RangeError);
  });
});

describe('majority', () => {
  it.each([
    ['ARR', 'R'],
    ['ARRA', 'A'],
    ['RAAR', 'R'],
    ['ABRRB', 'B'],
    ['---R', 'R'],
    ['R---AA', 'A'],
  ])('of %s is %s: most votes, ties to the first seen, no answer never wins', (letters, winner) => {
    expect(majority(judged(letters))?.answer).toBe(winner);
  });

  it('of samples without any answer is nothing', () => {
    expect(majority(judged('---'))).toBeNull();
    expect(majority([])).toBeNull();
  });
});

describe('majAtEachK', () => {
  const majAtK = (samples: readonly JudgedAnswer[], k: number) =>
    majAtEachK(samples, random())[k - 1];

  it('for k = n is the vote of all samples', () => {
    expect(majAtK(judged('RRAB'), 4)).toBe(1);
    expect(majAtK(judged('RAAB'), 4)).toBe(0);
    expect(majAtK(judged('----'), 4)).toBe(0);
  });

  it('for k = 1 is the accuracy', () => {
    expect(majAtK(judged('R-AR-'), 1)).toBe(2 / 5);
  });

  it('for k < n is the exact mean over all subsets in order', () => {
    // RA R, RA -> tie to R, R R, A R -> tie to A: pairs of R A R are RA (R), RR (R), AR (A).
    expect(majAtK(judged('RAR'), 2)).toBe(2 / 3);
    // Triples of R A A -: RAA (A), RA- (R), RA- (R), AA- (A).
    expect(majAtK(judged('RAA-'), 3)).toBe(2 / 4);
  });

  it('draws subsets where there are too many, close to the exact chance and repeatably', () => {
    // 14 of 20 right, two answers: 5 votes are right when 3 or more are, hypergeometric. C(20, 5) = 15,504.
    const samples = judged('R'.repeat(14) + 'A'.repeat(6));
    const exact = (1001 * 2 * 3 + 2002 + 364 * 15) / 15504;
    const estimate = majAtK(samples, 5);
    const deviation = Math.sqrt((exact * (1 - exact)) / 2000);
    expect(Math.abs(estimate - exact)).toBeLessThan(4 * deviation);
    expect(estimate).not.toBe(1);
    expect(majAtK(samples, 5)).toBe(estimate);
  });

  it('draws close to what counting gives, also where ties and missing answers decide', () => {
    // By all C(16, 8) = 12,870 subsets, against the 2,000 drawn.
    const samples = judged('RA-RBARA-BRRABA-');
    let right = 0;
    let count = 0;
    for (let bits = 0; bits < 2 ** samples.length; bits++) {
      const subset = samples.filter((_, i) => (bits >> i) & 1);
      if (subset.length !== 8) continue;
      count++;
      right += Number(majority(subset)?.correct ?? false);
    }
    const exact = right / count;
    expect(count).toBe(12870);
    const deviation = Math.sqrt((exact * (1 - exact)) / 2000);
    expect(Math.abs(majAtK(samples, 8) - exact)).toBeLessThan(4 * deviation);
  });

  it('has a number for every k, also for many samples', () => {
    const samples = judged('RA-B'.repeat(64));
    const chances = majAtEachK(samples, random());
    expect(chances).toHaveLength(256);
    expect(chances[0]).toBe(1 / 4);
    // R, A and B have equal votes: the first seen wins.
    expect(chances[255]).toBe(1);
    expect(majAtEachK([], random())).toEqual([]);
  }, 5000);
});

describe('mean', () => {
  it('is the sum over the count, and NaN without values', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBeNaN();
  });
});
