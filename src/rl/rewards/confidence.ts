/**
 * Term `confidence`: how sure the policy was of its own completion: minus the logarithm of its perplexity given the question, from the
 * log-probs of sampling. A rival of the self-aligned reward that does not ask what the question contributed.
 */
import { requireTokens } from './needs.ts';
import { perplexity, surprise } from './perplexity.ts';
import { defineReward, weight } from './reward.ts';

export const confidence = defineReward({
  label: 'Confidence',
  description: 'How likely the policy itself finds its completion, per token.',
  formula: '−log ppl(a|q)',
  options: { weight: weight(0.2, { source: 'ours' }) },
  create: () => ({
    score: async (batch) => {
      requireTokens('confidence', batch);
      const surprises = batch.map(({ logprobs }) => surprise(logprobs));
      return {
        values: surprises.map((nats) => 0 - nats),
        used: surprises.map((nats) => ({ perplexity: perplexity(nats) })),
      };
    },
  }),
});
