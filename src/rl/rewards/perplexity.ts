/**
 * Perplexities of a completion, and how much of one the question takes away. Everything is computed on logarithms, so that even a huge
 * perplexity gives no NaN.
 */
import { BatonError } from '../../errors.ts';

/** The official code's guard against a denominator of 0. */
const EPSILON = 1e-9;

/** How two perplexities are compared: directly, or by their logarithms. */
export type PerplexityForm = 'ratio' | 'log';

/**
 * Mean negative log-probability per token, nats: the logarithm of the perplexity. 0 without tokens, and never below 0,
 * whatever rounding did to a certain token.
 * @throws BatonError `NonFinite` where a log-probability is not a finite number: the policy is broken then, not the completion.
 */
export function surprise(logprobs: readonly number[]): number {
  if (logprobs.length === 0) return 0;
  const mean = logprobs.reduce((sum, logprob) => sum + logprob, 0) / logprobs.length;
  if (!Number.isFinite(mean)) {
    throw new BatonError({
      kind: 'NonFinite',
      message: 'The policy gave a log-probability that is not a finite number',
      remedy: 'Nothing was learned from this step. Lower the learning rate, or use another model.',
    });
  }
  return Math.max(0, 0 - mean);
}

/** The perplexity of a surprise; null where it is too large for a number. */
export function perplexity(nats: number): number | null {
  const value = Math.exp(nats);
  return Number.isFinite(value) ? value : null;
}

/**
 * The share of the perplexity that the question takes away, before any floor: (P - Q) / (P + 1e-9). P is the completion's perplexity
 * alone and Q that given the question; in the log form, their logarithms. Below 1; -Infinity where Q overflows. Both forms are those of
 * `compute_ppl_qa_log` in the official code of "Self-Aligned Reward" (arXiv 2509.05489).
 * @param given surprise of the completion given its question, nats
 * @param alone the same with the question emptied
 */
export function takenAway(given: number, alone: number, form: PerplexityForm): number {
  if (form === 'log') return (alone - given) / (alone + EPSILON);
  return (1 - Math.exp(given - alone)) / (1 + EPSILON * Math.exp(-alone));
}
