/** An answer of a policy: sampled from it, or written by a person. */
import { badConfig } from '../../errors.ts';
import { streamKey } from '../../rl/random.ts';
import type { Question } from '../../rl/tasks/task.ts';
import type { Model } from './model-session.ts';

export interface GivenAnswer {
  /** Which of the policy's answers to the question this is, from 0; null where a person wrote it. */
  readonly number: number | null;
  readonly text: string;
  /** The tokens as they were sampled, the end token with them; null where it was written. */
  readonly ids: readonly number[] | null;
  /** Whether it met the budget before its end. */
  readonly truncated: boolean;
}

/** Longer text is not taken. */
export const LONGEST_TEXT = 600;
/** Everything is drawn as trained: from the model's own distribution. */
export const SAMPLING = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false } as const;
export const SEED = 0;

export function writtenAnswer(text: string): GivenAnswer {
  return { number: null, text: text.slice(0, LONGEST_TEXT), ids: null, truncated: false };
}

/**
 * Samples a policy's answer number `number`, the same for the same policy and question.
 * @param key the policy's key
 * @param budget most tokens
 * @throws BadConfig where the question leaves no room, and what the model throws
 */
export async function sampleAnswer(
  model: Model,
  question: Question,
  {
    key,
    number,
    budget,
    signal,
  }: { key: string; number: number; budget: number; signal: AbortSignal },
): Promise<GivenAnswer> {
  const prompt = model.tokenizer.encode(question.prompt, { addSpecial: true });
  const room = model.positions - prompt.length;
  if (room < 1) {
    throw badConfig('question', 'The question leaves no room for an answer', 'Ask less.');
  }
  const [{ ids, truncated }] = await model.complete({
    prompts: [prompt],
    copies: 1,
    budgets: [Math.min(budget, room)],
    sampling: SAMPLING,
    key: streamKey(SEED, `microscope/answer/${key}/${question.prompt}`),
    uid: number,
    signal,
  });
  const { eosId } = model.tokenizer;
  const text = model.tokenizer.decode(ids.filter((id) => id !== eosId));
  return { number, text, ids, truncated };
}

/** The tokens of an answer, without an end token. @throws BadConfig where the model cannot write the text */
export function answerIds(model: Model, { ids, text }: GivenAnswer): readonly number[] {
  const { eosId } = model.tokenizer;
  return ids?.filter((id) => id !== eosId) ?? model.tokenizer.encode(text);
}
