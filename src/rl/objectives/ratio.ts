/** The ratio of a token's probability now to that at sampling. */

/** Log-ratios are clamped to this many nats before exp, so that one extreme token cannot overflow. */
export const LOG_RATIO_LIMIT = 20;

/** logp - old, clamped to [-20, 20]. */
export function logRatio(logp: number, old: number): number {
  return Math.max(-LOG_RATIO_LIMIT, Math.min(LOG_RATIO_LIMIT, logp - old));
}

/** Derivative of `logRatio` by logp: 0 beyond the clamp, where the ratio no longer moves. */
export function logRatioSlope(logp: number, old: number): number {
  return Math.abs(logp - old) <= LOG_RATIO_LIMIT ? 1 : 0;
}
