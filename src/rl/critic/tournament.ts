/**
 * A single-elimination tournament among answers to one question, judged by a critic: RARO's way to choose one at test time. Each match is judged in both
 * orders; an answer wins that both verdicts name. What is a tie, or contradicts itself, or cannot be read, the seed decides.
 */
import type { RandomStream } from '../random.ts';
import type { CriticVerdict } from './verdict.ts';

/** Two answers as a critic is shown them, by their numbers. */
export type Shown = readonly [first: number, second: number];

/** Judges all matches of a round at once; null for a verdict that cannot be read. */
export type Judge = (
  shown: readonly Shown[],
) => readonly (CriticVerdict | null)[] | Promise<readonly (CriticVerdict | null)[]>;

export interface Match {
  readonly players: Shown;
  readonly winner: number;
  /** Whether the seed had to decide. */
  readonly drawn: boolean;
}

export interface Tournament {
  readonly winner: number;
  /** Round by round. An odd answer out goes on without a match. */
  readonly rounds: readonly (readonly Match[])[];
}

/**
 * @param count answers, 1 or more; they are numbered from 0
 * @param random draws the places in the first round and decides what the critic does not: equal streams give equal tournaments
 * @throws RangeError where there is no answer, or the judge leaves one out; what the judge throws
 */
export async function tournament(
  count: number,
  judge: Judge,
  random: RandomStream,
): Promise<Tournament> {
  if (count < 1) throw new RangeError('a tournament needs an answer');
  let left = random.shuffle(Array.from({ length: count }, (_, i) => i));
  const rounds: Match[][] = [];
  while (left.length > 1) {
    const players = pairsOf(left);
    const said = await judge(
      players.flatMap(([a, b]): Shown[] => [
        [a, b],
        [b, a],
      ]),
    );
    if (said.length !== 2 * players.length) {
      throw new RangeError(`${said.length} verdicts on ${2 * players.length} pairs`);
    }
    const matches = players.map((pair, i) => decide(pair, said[2 * i], said[2 * i + 1], random));
    rounds.push(matches);
    const bye = left.length % 2 === 1 ? left.slice(-1) : [];
    // Whoever had no match comes first in the next round, so that nobody goes on twice without one.
    left = [...bye, ...matches.map(({ winner }) => winner)];
  }
  return { winner: left[0], rounds };
}

function pairsOf(players: readonly number[]): Shown[] {
  return Array.from({ length: Math.floor(players.length / 2) }, (_, i) => [
    players[2 * i],
    players[2 * i + 1],
  ]);
}

function decide(
  players: Shown,
  given: CriticVerdict | null,
  swapped: CriticVerdict | null,
  random: RandomStream,
): Match {
  // Taken in any case, so that one match does not move what decides another.
  const lot = players[random.below(2)];
  if (given === '1' && swapped === '2') return { players, winner: players[0], drawn: false };
  if (given === '2' && swapped === '1') return { players, winner: players[1], drawn: false };
  return { players, winner: lot, drawn: true };
}
