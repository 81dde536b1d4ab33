import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bootstrap } from '../evaluate/bootstrap.ts';
import { randomStream } from '../random.ts';
import { type FaultyTrace, findErrors, GRIDS, hitChance, stepSpans } from './find-error.ts';

const bootstrap = (count: number) =>
  new Bootstrap(
    Array.from({ length: count }, (_, i) => `${i}`),
    randomStream(1, 'find-error'),
  );

/** Three steps of two tokens; after the error in the second, everything looks wrong, the last most. */
const trace: FaultyTrace = {
  ...{
    steps: [
      [0, 2],
      [2, 4],
      [4, 6],
    ],
    wrong: 1,
  },
  rewards: [1, 1.5, 1, -1, -1.2, -1.5],
  logprobs: [-0.1, -0.2, -0.1, -3, -0.3, -0.1],
  entropies: [0.1, 0.2, 0.1, 0.9, 1, 0.1],
};

const hits = (grid: 'tokens' | 'steps', k: number, one: FaultyTrace = trace) =>
  Object.fromEntries(
    Object.entries(findErrors([one], grid, k, bootstrap(1))).map(([name, found]) => [
      name,
      [found.hit_at_1, found.hit_at_k],
    ]),
  );

describe('finding the first error', () => {
  it('takes the largest drop where the lowest reward stands later', () => {
    expect(hits('steps', 2)).toEqual({
      ...{ lowest_reward: [0, 1], largest_drop: [1, 1], log_probability: [1, 1], entropy: [0, 1] },
      chance: [expect.closeTo(1 / 3, 12), expect.closeTo(2 / 3, 12)],
    });
    expect(hits('tokens', 3)).toEqual({
      ...{ lowest_reward: [0, 1], largest_drop: [1, 1], log_probability: [1, 1], entropy: [0, 1] },
      // 4 of 6 tokens are no part of the step.
      chance: [expect.closeTo(1 / 3, 12), expect.closeTo(1 - (4 * 3 * 2) / (6 * 5 * 4), 12)],
    });
  });

  it('compares the first step with 0, so that an error there can be the largest drop', () => {
    const early = { ...trace, wrong: 0, rewards: [-2, -2.5, -2, -2.4, -2.6, -2.6] };
    expect(hits('steps', 1, early).largest_drop).toEqual([1, 1]);
    expect(hits('tokens', 1, early).largest_drop).toEqual([1, 1]);
  });

  it('leaves the policy out where it was not asked', () => {
    const alone = { ...trace, logprobs: null, entropies: null };
    expect(Object.keys(hits('steps', 1, alone))).toEqual([
      ...['lowest_reward', 'largest_drop', 'chance'],
    ]);
  });

  it('is chance where a reward is the same everywhere', () => {
    const flat = { ...trace, rewards: [1, 1, 1, 1, 1, 1] };
    for (const grid of GRIDS) {
      const { lowest_reward, chance } = hits(grid, 2, flat);
      expect(lowest_reward).toEqual(chance);
    }
  });

  it('refuses to average over nothing', () => {
    expect(() => findErrors([], 'steps', 1, bootstrap(1))).toThrow(RangeError);
    expect(() => findErrors([trace], 'steps', 0, bootstrap(1))).toThrow(RangeError);
  });
});

describe('the chance of a hit', () => {
  const places = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 5 });

  function orders(places: readonly number[]): number[][] {
    if (places.length === 0) return [[]];
    return places.flatMap((place) =>
      orders(places.filter((other) => other !== place)).map((rest) => [place, ...rest]),
    );
  }

  it('is the share of orders of equal places in which a target comes among the first', () => {
    fc.assert(
      fc.property(places, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 6 }), (all, a, b, k) => {
        const [from, to] = [a % all.length, b % all.length].sort((x, y) => x - y);
        const ranked = orders([...all.keys()]).map((order) =>
          // A stable sort keeps the order of equal places.
          order.sort((x, y) => all[y] - all[x]),
        );
        const found = ranked.filter((order) =>
          order.slice(0, k).some((place) => place >= from && place <= to),
        );
        expect(hitChance(all, [from, to + 1], k)).toBeCloseTo(found.length / ranked.length, 12);
      }),
    );
  });

  it('is none where the step has no token', () => {
    expect(hitChance([1, 2], [1, 1], 2)).toBe(0);
  });
});

describe('the tokens of steps', () => {
  const tokenizer = {
    decode: (ids: readonly number[]) => String.fromCharCode(...ids),
    tokenText: (id: number) => String.fromCharCode(id),
  };
  const written = (text: string, ended = true) => ({
    ...{ text, truncated: !ended },
    completionIds: [...[...text].map((char) => char.charCodeAt(0)), ...(ended ? [2] : [])],
  });

  it('are those that begin in them, with the end token in the last', () => {
    expect(stepSpans(written('1+2,33'), tokenizer, [4, 6])).toEqual([
      [0, 4],
      [4, 7],
    ]);
    expect(stepSpans(written('1+2,33', false), tokenizer, [4, 6])).toEqual([
      [0, 4],
      [4, 6],
    ]);
    expect(stepSpans(written(''), tokenizer, [])).toEqual([]);
  });
});
