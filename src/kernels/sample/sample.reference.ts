/**
 * Sampling in float64, by Gumbel-max: argmax_j (u_j + g_j) over the tokens that the filters keep, with u = logits / temperature
 * and g_j = -log(-log(1 - v_j)), v_j from the upper 23 bits of the token's word of
 * Philox(position, block of four ids, uid, 0). Filters as in transformers: top-k keeps the k best and all that tie with the
 * k-th; top-p keeps the fewest best tokens that reach share p of what is left, and ties; min-p keeps what is at least that
 * share as likely as the best.
 */
import { philox4x32, type Words2 } from './philox.ts';
import type { SamplingSettings } from './sample.ts';

/** u = logits / temperature, rounded as the GPU rounds it, so that ties are the same. */
export function scaled(logits: ArrayLike<number>, temperature: number): Float64Array {
  const inverse = Math.fround(1 / temperature);
  return Float64Array.from(logits, (z) => Math.fround(z * inverse));
}

/** Which tokens the filters keep. */
export function keptTokens(u: Float64Array, settings: SamplingSettings): boolean[] {
  const { topK, topP, minP } = settings;
  const order = [...u].sort((a, b) => b - a);
  const top = order[0];
  let least = topK > 0 && topK < u.length ? order[topK - 1] : Number.NEGATIVE_INFINITY;
  if (topP < 1) {
    const left = order.filter((value) => value >= least);
    const total = left.reduce((sum, value) => sum + Math.exp(value - top), 0);
    let held = 0;
    let taken = 0;
    while (held < topP * total && taken < left.length) held += Math.exp(left[taken++] - top);
    least = left[Math.max(taken, 1) - 1];
  }
  if (minP > 0) least = Math.max(least, Math.fround(top + Math.fround(Math.log(minP))));
  return [...u].map((value) => value >= Math.min(least, top));
}

/** The score u_j + g_j of every token; minus infinity where a filter drops it. */
export function scores(
  u: Float64Array,
  settings: SamplingSettings,
  key: Words2,
  position: number,
  uid: number,
): Float64Array {
  const kept = keptTokens(u, settings);
  return u.map((value, j) => {
    if (!kept[j]) return Number.NEGATIVE_INFINITY;
    if (settings.greedy) return value;
    const bits = philox4x32([position, j >>> 2, uid, 0], key)[j % 4];
    const v = ((bits >>> 9) + 0.5) / 2 ** 23;
    return value - Math.log(-Math.log1p(-v));
  });
}

/** log p of every token, without filters. */
export function logProbs(u: Float64Array): Float64Array {
  const top = u.reduce((a, b) => Math.max(a, b));
  const lse = top + Math.log(u.reduce((sum, value) => sum + Math.exp(value - top), 0));
  return u.map((value) => value - lse);
}
