/**
 * The rewards of RL-Logit, a baseline of RARO that needs no verifier: how likely the policy finds the expert's answer after its own
 * reasoning, as a log-probability or as a probability.
 */
export type LogitReward = 'log_probability' | 'probability';

/**
 * @param logprobs of the expert answer's tokens after question and reasoning, nats, the end token included
 * @returns the sum of `logprobs`, or e to that power; null where there is no token, or one is not finite
 */
export function logitReward(logprobs: ArrayLike<number>, kind: LogitReward): number | null {
  let sum = 0;
  for (let i = 0; i < logprobs.length; i++) sum += logprobs[i];
  if (logprobs.length === 0 || !Number.isFinite(sum)) return null;
  return kind === 'probability' ? Math.exp(sum) : sum;
}
