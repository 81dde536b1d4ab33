/** What a log-probability that the sampler wrote can be. */

/** Rounding may lift the log-prob of a sure token this far above 0. */
const ROUNDING = 1e-3;

/** False for what comes of logits that are not finite: they leave the sampler without a largest one, which shows as a log-prob far above 0. */
export function isLogprob(value: number): boolean {
  return value <= ROUNDING;
}
