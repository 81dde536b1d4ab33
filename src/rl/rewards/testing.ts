/** Batches and a policy with known probabilities, for the tests of reward terms. */
import { verifiedTask } from '../tasks/testing.ts';
import type { Completion, PolicyService, RewardContext, TokenPair } from './reward.ts';

export const task = verifiedTask({
  id: 'chain',
  min_terms: 2,
  max_terms: 4,
  largest_term: 99,
  answer_apart: false,
});
const question = task.readQuestion('12+95:');

/** The end token's id; characters are their own codes, and 1 stands in front of every prompt. */
export const END = 2;
export const encode = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));

/** A completion of characters as tokens, then the end token, each with the same log-prob or with those given. */
export function completion(
  text: string,
  { group = 0, ends = 1, logprobs = -0.2 as number | readonly number[] } = {},
): Completion {
  const completionIds = [...encode(text), ...new Array<number>(ends).fill(END)];
  return {
    role: 'solver',
    question,
    group,
    promptIds: [1, ...encode(question.prompt)],
    completionIds,
    text,
    logprobs: typeof logprobs === 'number' ? completionIds.map(() => logprobs) : logprobs,
    truncated: ends === 0,
  };
}

/** A policy to which every token is as likely as said, and which keeps what it was asked. */
export function knownPolicy(alone: number | readonly number[], positions?: number) {
  const asked: TokenPair[] = [];
  const policy: PolicyService = {
    ...(positions !== undefined && { positions }),
    logprobs: async (pairs) => {
      asked.push(...pairs);
      return pairs.map(({ completionIds }) =>
        typeof alone === 'number' ? completionIds.map(() => alone) : alone,
      );
    },
    encode: (text, { addSpecial = false } = {}) => [...(addSpecial ? [1] : []), ...encode(text)],
    decode: (ids) => String.fromCharCode(...ids),
    eosId: END,
  };
  return { policy, asked };
}

/** What a term may use where nothing is drawn. */
export function contextWith(policy?: PolicyService): RewardContext {
  return {
    task,
    step: 0,
    random: () => {
      throw new RangeError('this term draws nothing');
    },
    ...(policy && { policy }),
  };
}

/** A batch that is text only, as `lab reward` has it without a model. */
export function textOnly(text: string): Completion {
  return { ...completion(text), promptIds: [], completionIds: [], logprobs: [] };
}
