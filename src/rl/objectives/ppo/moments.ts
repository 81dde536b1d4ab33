/** Means and deviations over the tokens of a step, whitening and explained variance. */

export interface Moments {
  readonly mean: number;
  /** Sample variance (divisor n - 1, as torch); 0 below two numbers. */
  readonly variance: number;
}

/** Moments over all numbers of all lists, in order; 0 without any. */
export function momentsOf(lists: readonly ArrayLike<number>[]): Moments {
  const numbers = lists.flatMap((list) => Array.from(list));
  const count = numbers.length;
  if (count === 0) return { mean: 0, variance: 0 };
  const mean = numbers.reduce((sum, x) => sum + x, 0) / count;
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { mean, variance: count < 2 ? 0 : squares / (count - 1) };
}

/** Added to the variance before dividing by its root, as masked_whiten of TRL 1.10. */
const VARIANCE_OFFSET = 1e-8;

/**
 * (x - mean) / sqrt(variance + 1e-8) over all numbers of all lists; `keepMean` adds the mean again. Equal numbers become 0 (or their
 * mean), with an error of at most rounding times 1e4.
 */
export function whiten(
  lists: readonly ArrayLike<number>[],
  { keepMean = false }: { readonly keepMean?: boolean } = {},
): Float64Array<ArrayBuffer>[] {
  const { mean, variance } = momentsOf(lists);
  const scale = 1 / Math.sqrt(variance + VARIANCE_OFFSET);
  const shift = keepMean ? mean : 0;
  return lists.map((list) => Float64Array.from(list, (x) => (x - mean) * scale + shift));
}

/**
 * How much of the returns' variance the values explain: 1 - Var(returns - values) / Var(returns). 1 is all of it, 0 is no better than a
 * constant, below 0 is worse. Null where the returns do not vary.
 */
export function explainedVariance(
  returns: readonly ArrayLike<number>[],
  values: readonly ArrayLike<number>[],
): number | null {
  const { variance } = momentsOf(returns);
  if (variance <= VARIANCE_OFFSET) return null;
  const left = returns.map((list, i) => Float64Array.from(list, (x, t) => x - values[i][t]));
  return 1 - momentsOf(left).variance / variance;
}
