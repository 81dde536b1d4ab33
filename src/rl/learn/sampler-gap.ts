/** How far the trainer's log-probs are from the sampler's: the two compute the same model in different ways. */

/**
 * Over all tokens of a step.
 * @param sampled per completion, log-probs by the sampler
 * @param scored per completion, log-probs by the trainer, of the policy that sampled; empty where it computed none
 */
export function samplerGap(
  sampled: readonly ArrayLike<number>[],
  scored: readonly ArrayLike<number>[],
): Record<string, number> {
  let sum = 0;
  let max = 0;
  let tokens = 0;
  scored.forEach((row, i) => {
    for (let t = 0; t < row.length; t++) {
      const difference = Math.abs(row[t] - sampled[i][t]);
      sum += difference;
      max = Math.max(max, difference);
    }
    tokens += row.length;
  });
  return {
    'sampling/sampling_logp_difference/mean': tokens ? sum / tokens : 0,
    'sampling/sampling_logp_difference/max': max,
  };
}
