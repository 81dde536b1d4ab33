/** Receivers finish answers that were cut. The reward, the evaluation and the microscope all use this. */
import type { SamplingSettings } from '../../../kernels/sample/sample.ts';
import type { Receiver } from '../../../model/receiver.ts';
import type { Question, VerifiedTask } from '../../tasks/task.ts';
import { requireAlphabet } from './alphabet.ts';

/** A question and the part of an answer that a receiver sees. It is text, since tokenizers may differ. */
export interface Unfinished {
  readonly question: Question;
  readonly prefix: string;
  /** Most tokens of the continuation, in the receiver's tokens; its context may leave fewer. */
  readonly budget: number;
}

/** One try at finishing. */
export interface Finished {
  readonly text: string;
  /** Tokens, end token included. */
  readonly tokens: number;
  readonly truncated: boolean;
  readonly correct: boolean;
}

/** What is judged: prefix and continuation together, or what the receiver wrote alone. */
export type Grading = 'joined' | 'continuation';

export interface FinishRequest {
  readonly items: readonly Unfinished[];
  /** Tries per item. */
  readonly copies: number;
  readonly sampling: SamplingSettings;
  readonly key: readonly [number, number];
  /** Try `copy` of item `i` draws with number `uid + i * copies + copy`, whatever the other items are. */
  readonly uid?: number;
  readonly grading?: Grading;
  readonly signal?: AbortSignal;
}

/**
 * Lets a receiver finish every item.
 * @returns per item its tries; null where the receiver's context has no room for question, prefix and one more token
 * @throws BadConfig naming `receivers` and the characters that the receiver lacks where it cannot read a text; what `Receiver.complete` throws
 */
export async function finish(
  receiver: Receiver,
  task: VerifiedTask,
  request: FinishRequest,
): Promise<(readonly Finished[] | null)[]> {
  const { items, copies, sampling, key, uid = 0, grading = 'joined', signal } = request;
  const prompts = encodeAll(
    receiver,
    items.map(({ question, prefix }) => question.prompt + prefix),
  );
  const rooms = prompts.map((prompt, i) =>
    Math.min(Math.max(1, items[i].budget), receiver.positions - prompt.length),
  );
  // An item without room is replaced by one token after a prompt that has room, so that the other items keep their numbers.
  const fits = rooms.map((room) => room >= 1);
  const anyone = fits.indexOf(true);
  if (anyone < 0) return items.map(() => null);
  const out = await receiver.complete({
    prompts: prompts.map((prompt, i) => (fits[i] ? prompt : prompts[anyone].slice(0, 1))),
    budgets: rooms.map((room, i) => (fits[i] ? room : 1)),
    copies,
    sampling,
    key,
    uid,
    ...(signal && { signal }),
  });
  return items.map(({ question, prefix }, i) => {
    if (!fits[i]) return null;
    return out.slice(i * copies, (i + 1) * copies).map(({ ids, truncated }) => {
      const text = receiver.tokenizer.decode(ids);
      const judged = grading === 'joined' ? prefix + text : text;
      return {
        text,
        tokens: ids.length,
        truncated,
        correct: task.verify(question, judged).correct,
      };
    });
  });
}

function encodeAll(receiver: Receiver, texts: readonly string[]): number[][] {
  try {
    return texts.map((text) => receiver.tokenizer.encode(text, { addSpecial: true }));
  } catch (error) {
    requireAlphabet(receiver, texts);
    throw error;
  }
}

/** Whether a prefix is already a right answer: a receiver then has nothing left to find out. */
export function leaks(
  task: VerifiedTask,
  { question, prefix }: Pick<Unfinished, 'question' | 'prefix'>,
): boolean {
  return task.verify(question, prefix).correct;
}
