/** How often the winner of a tournament is right, by the number of answers, beside other ways to choose from the same answers. */
import { type Judge, tournament } from '../critic/tournament.ts';
import { randomStream } from '../random.ts';
import type { Bootstrap, Interval } from './bootstrap.ts';
import { type JudgedAnswer, majority, mean } from './statistics.ts';

/** A question, its answers as a verifier judged them, and the critic that chooses. */
export interface Contest {
  readonly answers: readonly JudgedAnswer[];
  readonly judge: Judge;
}

/** Accuracies, 0 to 1: means over questions, with 95 % intervals. All use the first `n` answers of each. */
export interface ChosenOf {
  readonly n: number;
  readonly one_sample: number;
  readonly one_sample_interval: Interval;
  readonly majority: number;
  readonly majority_interval: Interval;
  readonly tournament: number;
  readonly tournament_interval: Interval;
  /** Whether any answer is right: the best that choosing can do. */
  readonly best_of: number;
  readonly best_of_interval: Interval;
  /** The winner less the majority, paired by question. */
  readonly gain: number;
  readonly gain_interval: Interval;
  /** Share of matches that the seed decided; null where there was no match. */
  readonly drawn: number | null;
}

/**
 * @param sizes numbers of answers, each from 1 to as many as every question has
 * @param seed of the tournaments' places and draws
 * @param bootstrap over the contests' questions, in their order
 * @throws RangeError where there is no question, or a size is out of range; what a judge throws
 */
export async function tournamentAccuracy(
  contests: readonly Contest[],
  sizes: readonly number[],
  seed: number,
  bootstrap: Bootstrap,
): Promise<ChosenOf[]> {
  const most = Math.min(...contests.map(({ answers }) => answers.length));
  for (const n of sizes) {
    if (!Number.isInteger(n) || n < 1 || !(n <= most) || contests.length === 0)
      throw new RangeError(`${n} answers of ${most}`);
  }
  const rows: ChosenOf[] = [];
  for (const n of sizes) rows.push(await chosenOf(contests, n, seed, bootstrap));
  return rows;
}

async function chosenOf(
  contests: readonly Contest[],
  n: number,
  seed: number,
  bootstrap: Bootstrap,
): Promise<ChosenOf> {
  // All at once: judges may wait for each other.
  const played = await Promise.all(
    contests.map(({ judge }, i) => tournament(n, judge, randomStream(seed, 'tournament', i, n))),
  );
  const won = played.map(({ winner }, i) => Number(contests[i].answers[winner].correct));
  const matches = played.flatMap(({ rounds }) => rounds.flat().map(({ drawn }) => Number(drawn)));
  const firsts = contests.map(({ answers }) => answers.slice(0, n));
  const voted = firsts.map((some) => Number(majority(some)?.correct ?? false));
  const one = bootstrap.mean(
    firsts.map((some) => mean(some.map(({ correct }) => Number(correct)))),
  );
  const vote = bootstrap.mean(voted);
  const winner = bootstrap.mean(won);
  const any = bootstrap.mean(firsts.map((some) => Number(some.some(({ correct }) => correct))));
  const gain = bootstrap.mean(won.map((right, i) => right - voted[i]));
  return {
    n,
    ...{ one_sample: one.mean, one_sample_interval: one },
    ...{ majority: vote.mean, majority_interval: vote },
    ...{ tournament: winner.mean, tournament_interval: winner },
    ...{ best_of: any.mean, best_of_interval: any },
    ...{ gain: gain.mean, gain_interval: gain },
    drawn: matches.length === 0 ? null : mean(matches),
  };
}
