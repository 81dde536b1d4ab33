/** Many tournaments of one size, played at once and judged together: a model is asked once a round, and not once a match. */
import type { Judge, Shown } from './tournament.ts';
import type { CriticVerdict } from './verdict.ts';

/** Two answers to one of many questions. */
export interface ShownOf {
  /** The number of the tournament. */
  readonly of: number;
  readonly shown: Shown;
}

export type JudgeAll = (
  shown: readonly ShownOf[],
) => readonly (CriticVerdict | null)[] | Promise<readonly (CriticVerdict | null)[]>;

/**
 * One judge for each of `count` tournaments. They wait for each other, so each must be asked equally often: tournaments with equally many answers are.
 * `all` is asked in the order of the tournaments, whoever asked first.
 */
export function judgeTogether(count: number, all: JudgeAll): Judge[] {
  let waiting: Waiting[] = [];
  const answer = async (round: Waiting[]) => {
    round.sort((a, b) => a.of - b.of);
    try {
      const said = await all(
        round.flatMap(({ of, shown }) => shown.map((one) => ({ of, shown: one }))),
      );
      let next = 0;
      for (const { shown, resolve } of round) {
        resolve(said.slice(next, next + shown.length));
        next += shown.length;
      }
    } catch (error) {
      for (const { reject } of round) reject(error);
    }
  };
  return Array.from({ length: count }, (_, of): Judge => {
    return (shown) =>
      new Promise((resolve, reject) => {
        waiting.push({ of, shown, resolve, reject });
        if (waiting.length < count) return;
        const round = waiting;
        waiting = [];
        void answer(round);
      });
  });
}

interface Waiting {
  readonly of: number;
  readonly shown: readonly Shown[];
  resolve(verdicts: readonly (CriticVerdict | null)[]): void;
  reject(error: unknown): void;
}
