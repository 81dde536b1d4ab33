/** The KL to the frozen reference, estimated from the sampled token alone. */

/**
 * The k3 estimator, exp(d) - d - 1 with d = ref - logp: never negative, and unbiased when the token was sampled from the
 * policy. Nats. Source: Schulman, "Approximating KL divergence" (2020); DeepSeekMath, eq. 4.
 */
export function klK3(logp: number, ref: number): number {
  const d = ref - logp;
  // expm1 keeps the digits where policy and reference nearly agree, as they mostly do in training. Its last-bit error must
  // not make a divergence negative.
  return Math.max(0, Math.expm1(d) - d);
}

/** Its derivative by logp: 1 - exp(ref - logp). Positive where the policy is above the reference. */
export function klK3Slope(logp: number, ref: number): number {
  return -Math.expm1(ref - logp);
}
