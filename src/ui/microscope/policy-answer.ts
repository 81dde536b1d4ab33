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

/** Which answers are sampled. */
export interface Wanted {
  /** The policy's key. */
  readonly key: string;
  /** The first of them, from 0. */
  readonly number: number;
  /** Most tokens of an answer. */
  readonly budget: number;
  readonly signal: AbortSignal;
}

/** Samples a policy's answer number `number`, the same for the same policy and question. @throws as `sampleAnswers` */
export async function sampleAnswer(
  model: Model,
  question: Question,
  wanted: Wanted,
): Promise<GivenAnswer> {
  const [answer] = await sampleAnswers(model, question, 1, wanted);
  return answer;
}

/** An answer that was sampled, with the log-prob of each of its tokens, nats. */
export interface SampledAnswer extends GivenAnswer {
  readonly ids: readonly number[];
  readonly logprobs: readonly number[];
}

/**
 * Samples `count` of a policy's answers, beginning with number `number`; each is the same for the same policy and question.
 * @throws BadConfig where the question leaves no room, and what the model throws
 */
export async function sampleAnswers(
  model: Model,
  question: Question,
  count: number,
  { key, number, budget, signal }: Wanted,
): Promise<readonly SampledAnswer[]> {
  const prompt = model.tokenizer.encode(question.prompt, { addSpecial: true });
  const room = model.positions - prompt.length;
  if (room < 1) {
    throw badConfig('question', 'The question leaves no room for an answer', 'Ask less.');
  }
  const all = await model.complete({
    prompts: [prompt],
    copies: count,
    budgets: [Math.min(budget, room)],
    sampling: SAMPLING,
    key: streamKey(SEED, `microscope/answer/${key}/${question.prompt}`),
    uid: number,
    signal,
  });
  const { eosId } = model.tokenizer;
  return all.map(({ ids, logprobs, truncated }, i) => ({
    ...{ number: number + i, ids, logprobs, truncated },
    text: model.tokenizer.decode(ids.filter((id) => id !== eosId)),
  }));
}

/** The tokens of an answer, without an end token. @throws BadConfig where the model cannot write the text */
export function answerIds(model: Model, { ids, text }: GivenAnswer): readonly number[] {
  const { eosId } = model.tokenizer;
  return ids?.filter((id) => id !== eosId) ?? model.tokenizer.encode(text);
}
