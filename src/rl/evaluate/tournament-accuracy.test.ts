import { describe, expect, it } from 'vitest';
import type { Judge } from '../critic/tournament.ts';
import { randomStream } from '../random.ts';
import { Bootstrap } from './bootstrap.ts';
import type { JudgedAnswer } from './statistics.ts';
import { type ChosenOf, type Contest, tournamentAccuracy } from './tournament-accuracy.ts';

const right: JudgedAnswer = { answer: '16', correct: true };
const wrong: JudgedAnswer = { answer: '14', correct: false };
const lost: JudgedAnswer = { answer: null, correct: false };

/** Names the right answer, or the wrong one where it is turned round; a tie where both are alike. */
const critic = (answers: readonly JudgedAnswer[], turned = false): Judge => {
  const worth = (i: number) => Number(answers[i].correct !== turned);
  return (shown) =>
    shown.map(([a, b]) => (worth(a) === worth(b) ? 'tie' : worth(a) > worth(b) ? '1' : '2'));
};
const contest = (answers: readonly JudgedAnswer[], turned = false): Contest => ({
  answers,
  judge: critic(answers, turned),
});

/** Every question is a cluster of its own. */
const bootstrap = (questions: number) =>
  new Bootstrap(
    Array.from({ length: questions }, (_, i) => `${i}`),
    randomStream(1, 'test'),
  );
const plain = ({ n, one_sample, majority, tournament, best_of, drawn }: ChosenOf) => ({
  ...{ n, one_sample, majority, tournament, best_of, drawn },
});

describe('accuracy by number of answers', () => {
  it('is what a hand counts, from the same first answers for every way to choose', async () => {
    const rows = await tournamentAccuracy(
      [contest([wrong, right, wrong, wrong]), contest([right, right, lost, wrong])],
      [1, 2, 4],
      1,
      bootstrap(2),
    );
    expect(rows.map(plain)).toEqual([
      { n: 1, one_sample: 0.5, majority: 0.5, tournament: 0.5, best_of: 0.5, drawn: null },
      // A vote of one against one goes to the first answer. One match is seen, one is a tie.
      { n: 2, one_sample: 0.75, majority: 0.5, tournament: 1, best_of: 1, drawn: 0.5 },
      {
        n: 4,
        one_sample: 0.375,
        majority: 0.5,
        tournament: 1,
        best_of: 1,
        drawn: expect.any(Number),
      },
    ]);
  });

  it('falls to nothing under a critic that names the wrong answer', async () => {
    const rows = await tournamentAccuracy(
      [contest([right, right, right, wrong], true)],
      [4],
      3,
      bootstrap(1),
    );
    expect(rows[0]).toMatchObject({ one_sample: 0.75, majority: 1, tournament: 0, best_of: 1 });
    expect(rows[0].gain).toBe(-1);
  });

  it('has the interval of its resamples, and that of the gain is paired', async () => {
    const rows = await tournamentAccuracy(
      // The winner and the vote are right of the same questions, so the gain is 0 in every resample.
      [...Array(10).fill(contest([right])), ...Array(10).fill(contest([wrong]))],
      ...([[1], 1, bootstrap(20)] as const),
    );
    const { mean, low, high } = rows[0].tournament_interval;
    expect(mean).toBe(0.5);
    expect(low).toBeLessThan(0.4);
    expect(high).toBeGreaterThan(0.6);
    expect(rows[0].gain_interval).toEqual({ mean: 0, low: 0, high: 0 });
  });

  it('is the same for the same seed, and refuses sizes that are not there', async () => {
    const blind: Contest = {
      answers: [right, wrong, wrong, right],
      judge: (s) => s.map(() => null),
    };
    const contests = Array.from({ length: 40 }, () => blind);
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => tournamentAccuracy(contests, [4], seed, bootstrap(40))),
    );
    expect(again).toEqual(first);
    expect(other[0].tournament).not.toBe(first[0].tournament);
    expect(first[0].drawn).toBe(1);
    for (const size of [0, 5, 1.5])
      await expect(tournamentAccuracy(contests, [size], 1, bootstrap(40))).rejects.toThrow(
        RangeError,
      );
    await expect(tournamentAccuracy([], [1], 1, bootstrap(1))).rejects.toThrow(RangeError);
  });
});
