/** The pair that a critic is shown: the question and two answers, one the expert's and one the policy's, in an order drawn by the seed. */
import type { RandomStream } from '../random.ts';
import type { Question, TaskCritic } from '../tasks/task.ts';
import { surfaceForm } from './surface.ts';

/** Which of two answers. */
export type Place = '1' | '2';

export interface Pair {
  readonly question: Question;
  readonly first: string;
  readonly second: string;
  /** Where the expert's answer stands. */
  readonly expert: Place;
}

/**
 * A pair of two completions. The critic sees answers only: what leads to them is left out, and both come in one surface form.
 * @returns null where the policy's completion has no answer, so that there is nothing to judge
 * @throws RangeError where the expert's has none, which no task allows
 */
export function pairOf(
  critic: TaskCritic,
  question: Question,
  { expert, policy }: { readonly expert: string; readonly policy: string },
  random: RandomStream,
): Pair | null {
  const right = critic.answer(question, expert);
  if (right === null) throw new RangeError(`the expert's completion ${expert} has no answer`);
  const own = critic.answer(question, policy);
  // Drawn in any case, so that an answer that cannot be read does not move the order of others.
  const place: Place = random.below(2) === 0 ? '1' : '2';
  return own === null ? null : placed(question, surfaceForm(right), surfaceForm(own), place);
}

/** The same pair in the other order. */
export function turnedPair({ question, first, second, expert }: Pair): Pair {
  return { question, first: second, second: first, expert: expert === '1' ? '2' : '1' };
}

/**
 * One pair as it is shown for several verdicts: as drawn and turned by turns, or always as drawn. All of them are one group, since they
 * judge the same.
 */
export function shownPairs(pair: Pair, verdicts: number, bothOrders: boolean): Pair[] {
  return Array.from({ length: verdicts }, (_, i) =>
    bothOrders && i % 2 === 1 ? turnedPair(pair) : pair,
  );
}

/** What the critic reads, and all that it reads. */
export function pairPrompt(critic: TaskCritic, { question, first, second }: Pair): string {
  return critic.prompt(question, first, second);
}

/** Whether the two answers are the same, so that only a tie is fair. */
export function isSame({ first, second }: Pair): boolean {
  return first === second;
}

function placed(question: Question, expert: string, policy: string, place: Place): Pair {
  return place === '1'
    ? { question, first: expert, second: policy, expert: place }
    : { question, first: policy, second: expert, expert: place };
}
