/** Most points that one line is drawn with. */
export const POINT_BUDGET = 300;

/**
 * Which values of `values[from..to)` to draw, as ascending indices: all of them up to the budget; beyond it the least
 * and the greatest of every bucket, the first gap (NaN) of a bucket, and the last value.
 *
 * Buckets are 2^k long and start at multiples of their length counted from index 0, whatever is asked for. So a bucket
 * that is complete keeps its points for ever, and when the buckets double, what is drawn is a part of what was drawn:
 * points are thinned, but none moves.
 */
export function decimate(
  values: readonly number[],
  from = 0,
  to = values.length,
  budget = POINT_BUDGET,
): number[] {
  const length = to - from;
  if (length <= budget) return Array.from({ length: Math.max(0, length) }, (_, i) => from + i);
  const size = bucketSize(from, to, budget);
  const kept: number[] = [];
  for (let start = Math.floor(from / size) * size; start < to; start += size) {
    const end = Math.min(to, start + size);
    let low = -1;
    let high = -1;
    let gap = -1;
    for (let i = Math.max(from, start); i < end; i += 1) {
      const value = values[i];
      if (Number.isNaN(value)) {
        if (gap < 0) gap = i;
        continue;
      }
      if (low < 0 || value < values[low]) low = i;
      if (high < 0 || value > values[high]) high = i;
    }
    const picked = [...new Set([low, high, gap])].filter((i) => i >= 0);
    kept.push(...picked.sort((a, b) => a - b));
  }
  if (kept.at(-1) !== to - 1) kept.push(to - 1);
  return kept;
}

/** The shortest power of two that keeps three points a bucket, and the last value, within the budget. */
export function bucketSize(from: number, to: number, budget: number): number {
  let size = 1;
  while (3 * (Math.ceil(to / size) - Math.floor(from / size)) + 1 > budget) size *= 2;
  return size;
}
