/** A trace as tokens, and what a reward model and a policy say at each of them. */
import { badConfig } from '../../../errors.ts';
import type { RewardReader } from '../../../receiver/receiver-client.ts';
import type { Question, Verdict } from '../../../rl/tasks/task.ts';
import type { Model } from '../model-session.ts';
import type { GivenAnswer } from '../policy-answer.ts';

/** A trace that a reward model has read. */
export interface ReadTrace {
  readonly question: Question;
  readonly text: string;
  /** Whether it met the budget before its end; it then has no end token. */
  readonly truncated: boolean;
  /** The text of each token; the last is the end token, which is read like any other. */
  readonly pieces: readonly string[];
  /** What the reward model says at each token. */
  readonly logits: readonly number[];
  /** Log-prob of each token under the policy, nats; null where that is not known. */
  readonly logprobs: readonly number[] | null;
  /** Null where the task has no verifier. */
  readonly verdict: Verdict | null;
}

interface Tokens {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

type Reads = Pick<RewardReader, 'tokenizer' | 'positions'>;

/**
 * The tokens of a trace to a question.
 * @param who reads it, as the error calls it
 * @throws BadConfig on `text` where it is empty, has letters that the model lacks, or does not fit
 */
export function tokensOf(
  { tokenizer, positions }: Reads,
  question: Question,
  { text, ids, truncated }: GivenAnswer,
  who: string,
): Tokens {
  if (text === '')
    throw badConfig('text', 'There is nothing to read', 'Write a trace, or let the policy answer.');
  const prompt = tokenizer.encode(question.prompt, { addSpecial: true });
  const own = ids?.filter((id) => id !== tokenizer.eosId) ?? tokenizer.encode(text);
  const ends = tokenizer.eosId !== null && !truncated;
  const completion = ends ? [...own, tokenizer.eosId] : own;
  const most = Math.max(0, positions - prompt.length);
  if (completion.length > most)
    throw badConfig(
      'text',
      `The trace has ${completion.length} tokens; after this question ${who} can read ${most}`,
      'Shorten it.',
    );
  return { prompt, completion };
}

/** @throws what `tokensOf` throws, and what the model throws */
export async function readWith(
  reward: RewardReader,
  question: Question,
  answer: GivenAnswer,
  verdict: Verdict | null,
  signal: AbortSignal,
): Promise<ReadTrace> {
  const { prompt, completion } = tokensOf(reward, question, answer, 'the reward model');
  const [logits] = await reward.values({ prompts: [prompt], completions: [completion], signal });
  const { text, truncated } = answer;
  const pieces = completion.map((id) => pieceOf(reward.tokenizer, id));
  return { question, text, truncated, pieces, logits, logprobs: null, verdict };
}

/**
 * How likely a policy finds each token of the trace.
 * @throws BadConfig where its tokens are others than those that were read; what the model throws
 */
export async function likelihood(
  policy: Model,
  { question, pieces }: ReadTrace,
  answer: GivenAnswer,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { prompt, completion } = tokensOf(policy, question, answer, 'the policy');
  if (completion.length !== pieces.length)
    throw badConfig('policy', 'The policy cuts the trace into other tokens', 'Choose another one.');
  const [row] = await policy.logprobs({
    ...{ prompts: [prompt], completions: [completion], temperature: 1, signal },
  });
  return row;
}

function pieceOf(tokenizer: Model['tokenizer'], id: number): string {
  return id === tokenizer.eosId ? 'end' : tokenizer.tokenText(id);
}
