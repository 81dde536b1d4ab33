/** The policy as reward terms see it: it scores any prompt and completion, without gradient. */
import type { Learner } from '../../model/learner.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { PolicyService } from '../rewards/reward.ts';
import type { BatchPlan } from './pack.ts';
import { score } from './score.ts';

/** Calls take turns with everything else that uses the learner, so terms may ask concurrently. */
export function policyService(
  policy: Learner,
  tokenizer: Tokenizer,
  plan: BatchPlan,
): PolicyService {
  return {
    positions: policy.options.positions,
    encode: (text, options) => tokenizer.encode(text, options),
    eosId: tokenizer.eosId,
    decode: (ids) => tokenizer.decode([...ids]),
    async logprobs(pairs) {
      const examples = pairs.map(({ promptIds, completionIds }) => ({
        ...{ prompt: promptIds, completion: completionIds },
        ...{ role: 'solver', group: 0, truncated: false, columns: {} },
      }));
      const { logprobs } = await score(policy, examples, plan);
      return logprobs.map((row) => Array.from(row));
    },
  };
}
