/** Accuracy against length: how much better one arm is than another would be at the same length. */

export interface Trade {
  readonly length: number;
  readonly accuracy: number;
}

/**
 * Accuracy of a family of arms at a length, on the straight lines between its members (of one seed, sorted by length).
 * @returns undefined outside of their lengths: nothing is said about what was not run
 */
export function atLength(family: readonly Trade[], length: number): number | undefined {
  const sorted = [...family].sort((a, b) => a.length - b.length);
  for (let i = 1; i < sorted.length; i++) {
    const [a, b] = [sorted[i - 1], sorted[i]];
    if (length < a.length || length > b.length) continue;
    const share = b.length === a.length ? 0 : (length - a.length) / (b.length - a.length);
    return a.accuracy + share * (b.accuracy - a.accuracy);
  }
  return undefined;
}
