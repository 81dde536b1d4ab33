import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { type JudgeAll, judgeTogether } from './judge-together.ts';
import { tournament } from './tournament.ts';

describe('tournaments that are judged together', () => {
  it('ask once a round, in the order of the tournaments, and each gets its own verdicts', async () => {
    const asked: number[][] = [];
    // The larger number wins in tournament 0, the smaller one in the others.
    const all: JudgeAll = (shown) => {
      asked.push(shown.map(({ of }) => of));
      return shown.map(({ of, shown: [a, b] }) => (a > b === (of === 0) ? '1' : '2'));
    };
    const judges = judgeTogether(3, all);
    const played = await Promise.all(
      judges.map((judge, i) => tournament(5, judge, randomStream(1, 'places', i))),
    );
    expect(played.map(({ winner }) => winner)).toEqual([4, 0, 0]);
    expect(asked.map((round) => round.length)).toEqual([12, 6, 6]);
    for (const round of asked) expect(round).toEqual([...round].sort());
  });

  it('fail together', async () => {
    const judges = judgeTogether(2, async () => {
      throw new RangeError('lost');
    });
    const played = await Promise.allSettled(
      judges.map((judge) => tournament(2, judge, randomStream(1, 'places'))),
    );
    expect(played.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
