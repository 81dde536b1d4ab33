import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { type Judge, type Shown, tournament } from './tournament.ts';

/** A critic that sees how good each answer is. */
const seeing =
  (worth: readonly number[]): Judge =>
  (shown) =>
    shown.map(([a, b]) => (worth[a] === worth[b] ? 'tie' : worth[a] > worth[b] ? '1' : '2'));

const random = (seed: number) => randomStream(seed, 'tournament');

describe('a tournament', () => {
  it('is won by the best answer under a critic that sees, whatever the seed and the number', async () => {
    const some = fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(some, fc.nat(), async (worth, seed) => {
        const { winner, rounds } = await tournament(worth.length, seeing(worth), random(seed));
        expect(worth[winner]).toBe(Math.max(...worth));
        expect(rounds.flat().every(({ drawn }) => !drawn)).toBe(true);
        // Each match sends one answer home.
        expect(rounds.flat()).toHaveLength(worth.length - 1);
        expect(rounds).toHaveLength(Math.ceil(Math.log2(worth.length)));
      }),
    );
  });

  it('lets nobody go on twice in a row without a match', async () => {
    for (const count of [3, 5, 6, 7, 9, 11, 13]) {
      const { rounds } = await tournament(count, seeing([...Array(count).keys()]), random(count));
      for (const [i, round] of rounds.slice(1).entries()) {
        const before = new Set(rounds[i].flatMap(({ players }) => players));
        const now = new Set(round.flatMap(({ players }) => players));
        const all = new Set([...Array(count).keys()]);
        const out = new Set(
          rounds
            .slice(0, i + 1)
            .flatMap((r) => r.map((m) => m.players.find((p) => p !== m.winner))),
        );
        for (const player of all)
          if (!out.has(player)) expect(before.has(player) || now.has(player)).toBe(true);
      }
    }
  });

  it('asks both orders of every match, a round at a time', async () => {
    const asked: (readonly Shown[])[] = [];
    const judge: Judge = (shown) => {
      asked.push(shown);
      return shown.map(() => 'tie');
    };
    await tournament(4, judge, random(1));
    expect(asked.map((round) => round.length)).toEqual([4, 2]);
    for (const round of asked)
      for (let i = 0; i < round.length; i += 2) expect(round[i + 1]).toEqual(round[i].toReversed());
  });

  it.each([
    ['a tie', ['tie', 'tie']],
    ['the first twice', ['1', '1']],
    ['the second twice', ['2', '2']],
    ['half a verdict', ['1', 'tie']],
    ['what cannot be read', [null, '2']],
  ] as const)('is decided by the seed where the critic says %s', async (_, verdicts) => {
    const winners = await Promise.all(
      Array.from({ length: 100 }, (_, seed) => tournament(2, () => verdicts, random(seed))),
    );
    for (const { rounds } of winners) expect(rounds[0][0].drawn).toBe(true);
    const first = winners.filter(({ winner }) => winner === 0).length;
    // Five standard deviations of 100 fair draws.
    expect(Math.abs(first - 50)).toBeLessThan(25);
    expect((await tournament(2, () => verdicts, random(7))).winner).toBe(winners[7].winner);
  });

  it('of one answer needs no critic, and of none is refused', async () => {
    const never: Judge = () => {
      throw new Error('asked');
    };
    expect(await tournament(1, never, random(1))).toEqual({ winner: 0, rounds: [] });
    await expect(tournament(0, never, random(1))).rejects.toThrow(RangeError);
    await expect(tournament(2, () => [], random(1))).rejects.toThrow(RangeError);
  });
});
