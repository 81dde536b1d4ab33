/** An expert's answer in place of the policy's own, after the policy's own reasoning. */
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Task } from '../tasks/task.ts';

/** Token ids. Both answers end with the end token. */
export interface AfterReasoning {
  /** The question and the reasoning. */
  readonly promptIds: readonly number[];
  readonly expertIds: readonly number[];
  readonly ownIds: readonly number[];
}

/** Whatever makes tokens of text: a tokenizer, or the policy that a reward term asks. */
interface Encoder extends Pick<Tokenizer, 'eosId'> {
  encode(text: string): readonly number[];
}

/**
 * Reasoning and answers are tokenised one by one.
 * @returns null where the completion met its budget, or has no place for an answer
 * @throws RangeError for a tokenizer without an end token
 */
export function afterReasoning(
  task: Task,
  tokenizer: Encoder,
  completion: Pick<Completion, 'question' | 'promptIds' | 'text' | 'truncated'>,
): AfterReasoning | null {
  const { question, promptIds, text, truncated } = completion;
  const end = endOf(tokenizer);
  const reasoning = truncated ? null : (task.reasoning?.(text) ?? null);
  if (reasoning === null) return null;
  return {
    promptIds: [...promptIds, ...tokenizer.encode(reasoning)],
    expertIds: [...tokenizer.encode(task.expertAnswer(question)), end],
    ownIds: [...tokenizer.encode(text.slice(reasoning.length)), end],
  };
}

/** The end token. @throws RangeError where there is none */
export function endOf({ eosId }: Pick<Tokenizer, 'eosId'>): number {
  if (eosId === null) throw new RangeError('the tokenizer has no end token');
  return eosId;
}
