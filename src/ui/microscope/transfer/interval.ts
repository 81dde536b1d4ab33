/** Intervals of shares: what a count of right answers among a few tries says, and what two such counts say of each other. */

export interface Share {
  readonly right: number;
  readonly tries: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The normal quantile of a two-sided 95 % interval. */
const Z = 1.959963984540054;

/** right / tries; NaN without tries. */
export function rateOf({ right, tries }: Share): number {
  return right / tries;
}

/**
 * The 95 % interval of a share; 0 to 1 without tries.
 * Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927 (the score interval).
 */
export function wilson({ right, tries }: Share): Interval {
  if (tries === 0) return { low: 0, high: 1 };
  const p = right / tries;
  const squared = (Z * Z) / tries;
  const centre = p + squared / 2;
  const spread = Z * Math.sqrt((p * (1 - p)) / tries + squared / (4 * tries));
  // At 0 and at all the exact bound is the end itself, which rounding would miss.
  return {
    low: right === 0 ? 0 : (centre - spread) / (1 + squared),
    high: right === tries ? 1 : (centre + spread) / (1 + squared),
  };
}

/**
 * The 95 % interval of `a - b`, two shares of separate tries.
 * Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, 1998, method 10.
 */
export function differenceInterval(a: Share, b: Share): Interval {
  if (a.tries === 0 || b.tries === 0) return { low: -1, high: 1 };
  const [p, q] = [rateOf(a), rateOf(b)];
  const [wa, wb] = [wilson(a), wilson(b)];
  return {
    low: p - q - Math.hypot(p - wa.low, wb.high - q),
    high: p - q + Math.hypot(wa.high - p, q - wb.low),
  };
}
