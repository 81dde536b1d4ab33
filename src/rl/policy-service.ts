/** The policy as reward terms may ask it: scores of any prompt and completion, without gradient. */
import { microBatches, packBatch } from '../model/batch.ts';
import type { Learner } from '../model/learner.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import type { BatchPlan } from './parts.ts';
import type { PolicyService, TokenPair } from './rewards/reward.ts';

export function policyService(
  policy: Learner,
  tokenizer: Tokenizer,
  plan: BatchPlan,
): PolicyService {
  return {
    positions: policy.options.positions,
    encode: (text, options) => tokenizer.encode(text, options),
    decode: (ids) => tokenizer.decode([...ids]),
    async logprobs(pairs: readonly TokenPair[]): Promise<readonly (readonly number[])[]> {
      const sequences = pairs.map((pair) => ({
        prompt: pair.promptIds,
        completion: pair.completionIds,
      }));
      const scored: (readonly number[])[] = [];
      for (const micro of microBatches(sequences, plan.microBatchTokens)) {
        const batch = packBatch(micro, plan.tokenBucket);
        const { logprobs } = await policy.score(batch);
        for (const { start, length } of batch.completions)
          scored.push(Array.from(logprobs.subarray(start, start + length)));
      }
      return scored;
    },
  };
}
