/**
 * Discounted sums: S_t = a_t + gamma S_{t+1}, from the end.
 * @param a one number per token
 * @param gamma what a number one token later is worth, 0 to 1
 */
export function discounted(a: ArrayLike<number>, gamma: number): Float64Array {
  const sums = new Float64Array(a.length);
  let ahead = 0;
  for (let t = a.length - 1; t >= 0; t--) {
    ahead = a[t] + gamma * ahead;
    sums[t] = ahead;
  }
  return sums;
}
