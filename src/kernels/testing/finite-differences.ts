/** Checks a gradient by central differences in float64. */

/**
 * Largest difference between `gradient` and (f(x + h e_i) - f(x - h e_i)) / 2h, relative to the largest component.
 * The method itself is good to about h^2 f''' + 1e-16 |f| / h: 1e-9 here.
 */
export function gradientError(
  f: (x: Float64Array) => number,
  x: ArrayLike<number>,
  gradient: ArrayLike<number>,
  h = 1e-5,
): number {
  const at = Float64Array.from(x);
  let largest = 0;
  let error = 0;
  for (let i = 0; i < at.length; i++) {
    const value = at[i];
    at[i] = value + h;
    const above = f(at);
    at[i] = value - h;
    const below = f(at);
    at[i] = value;
    const slope = (above - below) / (2 * h);
    largest = Math.max(largest, Math.abs(slope));
    error = Math.max(error, Math.abs(slope - gradient[i]));
  }
  return largest === 0 ? error : error / largest;
}

/** sum a_i b_i: a loss with gradient a. */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
