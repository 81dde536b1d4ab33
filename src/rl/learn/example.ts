/** What a model learns from: one completion, and numbers for each of its tokens. */
import type { SequenceTokens } from '../../model/batch.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Question } from '../tasks/task.ts';

export interface Example extends SequenceTokens {
  /** The question that it answers, for people to read. */
  readonly question?: Question;
  /** Who wrote the completion: `solver`, `expert`. */
  readonly role: string;
  /** Examples that are compared with each other share a group. */
  readonly group: number;
  /** The two examples of a pair are neighbours. A pair is never split over micro-batches or minibatches. */
  readonly pair?: number;
  /** Which loss of a mixed update it belongs to (`mixed`). */
  readonly part?: number;
  /** True where the token budget ended before the end token. */
  readonly truncated: boolean;
  /** Every coefficient of its tokens is 0, whatever the policy says: it is scored, and has no part in the backward pass. */
  readonly weightless?: boolean;
  /** Named numbers, one per completion token: `sampled`, `old`, `ref`, `advantage`, `return`. */
  readonly columns: Columns;
}

export type Columns = Readonly<Record<string, ArrayLike<number>>>;

/** A sampled completion as an example. Its column `sampled` holds the log-probs of sampling. */
export function exampleOf(completion: Completion, columns: Columns = {}): Example {
  const { question, role, group, promptIds, completionIds, truncated, logprobs } = completion;
  return {
    ...{ question, role, group, truncated },
    prompt: promptIds,
    completion: completionIds,
    columns: { sampled: logprobs, ...columns },
  };
}

/** The same example with more columns. */
export function withColumns(example: Example, columns: Columns): Example {
  return { ...example, columns: { ...example.columns, ...columns } };
}

/** Tokens of prompts and completions. */
export function countTokens(examples: readonly SequenceTokens[]): number {
  return examples.reduce((sum, e) => sum + e.prompt.length + e.completion.length, 0);
}

/** A column with the same number for every token. */
export function constant(value: number, tokens: number): Float64Array {
  return new Float64Array(tokens).fill(value);
}
