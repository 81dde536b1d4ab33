/** What other models make of an answer: receivers that finish it, and a critic that sees it beside the expert's. */

import { surfaceForm } from '../../../rl/critic/surface.ts';
import { streamKey } from '../../../rl/random.ts';
import { finish } from '../../../rl/rewards/transfer/finish.ts';
import type { Question, VerifiedTask } from '../../../rl/tasks/task.ts';
import { judgePair, meanShares, VERDICT_TOKENS } from '../judge.ts';
import { expertForm, type JudgedTask } from '../judged-task.ts';
import type { Model } from '../model-session.ts';
import { SAMPLING, SEED } from '../policy-answer.ts';

/** Cuts of an answer, evenly from the first to the last token, and tries at each. */
export const CUTS = 10;
export const TRIES = 4;

/**
 * How often a receiver finishes an answer rightly, over all cuts and tries; null where it has no room for any.
 * @throws BadConfig where the receiver cannot read the text, and what it throws
 */
export async function finishedShare(
  receiver: Model,
  task: VerifiedTask,
  { question, text, budget }: { question: Question; text: string; budget: number },
  signal: AbortSignal,
): Promise<number | null> {
  const pools = await finish(receiver, task, {
    items: prefixesOf(text).map((prefix) => ({ question, prefix, budget })),
    copies: TRIES,
    sampling: SAMPLING,
    key: streamKey(SEED, `microscope/edited/${question.prompt}`),
    signal,
  });
  const tries = pools.flatMap((pool) => pool ?? []);
  return tries.length === 0 ? null : tries.filter(({ correct }) => correct).length / tries.length;
}

/** What a receiver sees: the text up to each cut, evenly by characters, the whole of it included. */
export function prefixesOf(text: string): readonly string[] {
  return Array.from({ length: CUTS }, (_, i) =>
    text.slice(0, Math.floor((text.length * (i + 1)) / CUTS)),
  );
}

export interface CriticSays {
  /** How likely a verdict names the answer, and that it ties. */
  readonly named: number;
  readonly tie: number;
}

/** Verdicts in each order. */
const VERDICTS = 4;

/**
 * What a critic says of an answer beside the expert's, over both orders; null where the answer cannot be read, so that nobody would be shown it.
 * @throws what `judgePair` throws
 */
export async function criticSays(
  critic: Model,
  task: JudgedTask,
  { question, text }: { question: Question; text: string },
  signal: AbortSignal,
): Promise<CriticSays | null> {
  const own = task.critic.answer(question, text);
  if (own === null) return null;
  const pair = { question, first: expertForm(task, question), second: surfaceForm(own) };
  const options = { tries: VERDICTS, budget: VERDICT_TOKENS, reasoning: true, signal };
  const shares = meanShares(await judgePair(critic, task.critic, pair, options));
  return { named: shares['2'], tie: shares.tie };
}
