/** Means over seeds with 95 % intervals by Student's t. */

/** A number with its interval; `low` and `high` are null where fewer than two seeds leave no spread to judge by. */
export interface Estimate {
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
  /** How many seeds it is the mean of. */
  readonly n: number;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Logarithm of the gamma function for x > 0, to about 1e-10 by Stirling's series. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  // The series is exact enough from here on; smaller arguments climb by Gamma(z + 1) = z Gamma(z).
  for (; z < 12; z++) shift -= Math.log(z);
  const correction = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5);
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + correction;
}

/** P(|T| <= t) with `df` degrees of freedom: Simpson's rule over the density, which is smooth. */
function within(t: number, df: number): number {
  const log = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * Math.log(df * Math.PI);
  // x = sqrt(df) tan(angle) turns the heavy tails of few degrees of freedom into a power of a cosine.
  const density = (angle: number) => Math.exp(log) * Math.sqrt(df) * Math.cos(angle) ** (df - 1);
  const end = Math.atan(t / Math.sqrt(df));
  const pieces = 2000;
  const h = end / pieces;
  let sum = density(0) + density(end);
  for (let i = 1; i < pieces; i++) sum += density(i * h) * (i % 2 ? 4 : 2);
  return (2 * sum * h) / 3;
}

const quantiles = new Map<number, number>();

/** The t below which |T| lies with probability 0.95. @param df degrees of freedom, at least 1 */
export function studentT95(df: number): number {
  const known = quantiles.get(df);
  if (known !== undefined) return known;
  let low = 0;
  let high = 20;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (within(middle, df) < 0.95) low = middle;
    else high = middle;
  }
  quantiles.set(df, high);
  return high;
}

/** Mean of independent values, one per seed, with its t interval. Undefined where there is none. */
export function estimate(values: readonly number[]): Estimate | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = meanOf(values);
  if (n === 1) return { mean, low: null, high: null, n };
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentT95(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/** The same of positive values in the logarithm: a geometric mean, for ratios. */
export function ratioEstimate(values: readonly number[]): Estimate | undefined {
  const logs = estimate(values.map(Math.log));
  if (!logs) return undefined;
  const back = (x: number | null) => (x === null ? null : Math.exp(x));
  return { mean: Math.exp(logs.mean), low: back(logs.low), high: back(logs.high), n: logs.n };
}

/**
 * Trailing mean over the last `window` values: place i is the mean of values i - window + 1 to i, or of as many as there are.
 */
export function smooth(values: readonly number[], window: number): number[] {
  return values.map((_, i) => meanOf(values.slice(Math.max(0, i - window + 1), i + 1)));
}
