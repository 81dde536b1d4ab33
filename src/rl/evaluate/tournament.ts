/** Tournaments among the answers of an evaluation, judged by a critic: how often the winner is right, by the number of answers. */
import { badConfig } from '../../errors.ts';
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import { AT_ONCE } from '../critic/game.ts';
import { judgeTogether, type ShownOf } from '../critic/judge-together.ts';
import type { CriticVerdict } from '../critic/verdict.ts';
import { streamKey } from '../random.ts';
import { hasVerifier, type Task, type TaskCritic } from '../tasks/task.ts';
import type { Answered, Writer } from './answers.ts';
import type { Bootstrap } from './bootstrap.ts';
import { type ChosenOf, tournamentAccuracy } from './tournament-accuracy.ts';
import { writeVerdicts } from './verdicts.ts';

export interface TournamentRequest {
  /** Most answers in a tournament: 1, 2, 4, ... and this many play. */
  readonly most: number;
  readonly critic: JudgingWriter;
}

/** Who judges, and how it is asked. */
export interface JudgingWriter {
  /** Its budget is that of a verdict with its reasoning. */
  readonly writer: Writer;
  /** False: it gives its verdict at once. */
  readonly reasoning: boolean;
}

export interface TournamentNumbers {
  readonly by_answers: readonly ChosenOf[];
  /** Verdicts that were asked of the critic, and the share of them that could not be read; null where none was asked. */
  readonly verdicts: number;
  readonly unreadable: number | null;
}

/** The critic that judges. @throws BadConfig on the field `tournament` where the task has none, or no verifier */
export function criticOfTournament(task: Task): TaskCritic {
  const { critic } = task;
  if (critic && hasVerifier(task)) return critic;
  const what = critic ? 'verifier, so nobody can tell whether the winner is right' : 'critic';
  throw badConfig('tournament', `The task ${task.id} has no ${what}`, 'Leave the tournament out.');
}

/**
 * Answers that are equal in the common surface form are not shown: they tie. One that cannot be read, or that met its budget, loses against one that can.
 * @throws BadConfig where the task has no critic or no verifier; RangeError for more answers than there are; what the critic throws
 */
export async function holdTournaments(
  task: Task,
  answered: readonly Answered[],
  { most, critic: { writer, reasoning } }: TournamentRequest,
  more: {
    readonly seed: number;
    readonly sampling: SamplingSettings;
    /** Over the questions, in their order. */
    readonly bootstrap: Bootstrap;
    readonly signal?: AbortSignal;
    /** Called after every round with the number of pairs that were shown, in both orders. */
    readonly onAnswers?: (count: number) => void;
  },
): Promise<TournamentNumbers> {
  const critic = criticOfTournament(task);
  const { seed, sampling, bootstrap, signal, onAnswers } = more;
  const begun = reasoning ? '' : AT_ONCE;
  const request = { sampling, ...(signal && { signal }) };
  const forms = answered.map(({ question, answers }) =>
    answers.map(({ text, truncated }) => (truncated ? null : critic.answer(question, text))),
  );
  const key = streamKey(seed, 'evaluate/tournament');
  let asked = 0;
  let unreadable = 0;
  const judgeAll = async (shown: readonly ShownOf[]): Promise<(CriticVerdict | null)[]> => {
    const known = shown.map(({ of, shown: [a, b] }) => plainVerdict(forms[of][a], forms[of][b]));
    const open = shown.filter((_, i) => known[i] === undefined);
    const prompts = open.map(
      ({ of, shown: [a, b] }) =>
        critic.prompt(answered[of].question, forms[of][a] ?? '', forms[of][b] ?? '') + begun,
    );
    const texts = await writeVerdicts(writer, { ...request, prompts, key, uid: asked });
    asked += prompts.length;
    const said = texts.map((text) => (text === null ? null : critic.read(begun + text)));
    unreadable += said.filter((verdict) => verdict === null).length;
    onAnswers?.(shown.length);
    let next = 0;
    return known.map((verdict) => (verdict === undefined ? said[next++] : verdict));
  };
  const contests = answered.map(({ answers }) => ({
    answers: answers.flatMap(({ verdict }) => (verdict ? [verdict] : [])),
  }));
  const judges = judgeTogether(contests.length, judgeAll);
  const rows = await tournamentAccuracy(
    contests.map((contest, i) => ({ ...contest, judge: judges[i] })),
    sizesUpTo(most),
    seed,
    bootstrap,
  );
  return {
    by_answers: rows,
    verdicts: asked,
    unreadable: asked === 0 ? null : unreadable / asked,
  };
}

/** Pairs that tournaments of all sizes show, in both orders, for progress. */
export function tournamentWork(most: number, questions: number): number {
  return sizesUpTo(most).reduce((sum, n) => sum + 2 * (n - 1), 0) * questions;
}

/** 1, 2, 4, ... and the last one. */
export function sizesUpTo(most: number): number[] {
  const sizes: number[] = [];
  for (let n = 1; n < most; n *= 2) sizes.push(n);
  return [...sizes, most];
}

/** What needs no critic; undefined where it does. */
function plainVerdict(first: string | null, second: string | null): CriticVerdict | undefined {
  if (first === second) return 'tie';
  if (first === null) return '2';
  return second === null ? '1' : undefined;
}
