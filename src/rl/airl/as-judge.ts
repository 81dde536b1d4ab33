/**
 * How well numbers tell traces of one kind from those of another: by rank (AUROC), and, where they are probabilities, by calibration.
 * Float64.
 */

/**
 * The share of pairs of one trace of each kind in which the positive one has the larger score; a tie counts one half. NaN where a kind is missing.
 * Source: the Mann-Whitney statistic.
 * @param positive one flag per score
 * @returns the statistic by weights, one per score, 0 or more: made once, it costs one pass for each resample of a bootstrap
 */
export function aurocOf(
  scores: readonly number[],
  positive: readonly boolean[],
): (weights: ArrayLike<number>) => number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  return (weights) => {
    let [below, pairs, positives] = [0, 0, 0];
    for (let from = 0; from < order.length; ) {
      let [own, others] = [0, 0];
      const score = scores[order[from]];
      for (; from < order.length && scores[order[from]] === score; from++) {
        if (positive[order[from]]) own += weights[order[from]];
        else others += weights[order[from]];
      }
      pairs += own * (below + others / 2);
      below += others;
      positives += own;
    }
    return pairs / (positives * below);
  };
}

/** The same with equal weights. */
export function auroc(scores: readonly number[], positive: readonly boolean[]): number {
  return aurocOf(scores, positive)(scores.map(() => 1));
}

/** One bin of a reliability diagram: probabilities from `from` to `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Mean probability, and the share that is positive; null in an empty bin. */
  readonly said: number | null;
  readonly found: number | null;
}

/** Bins of equal width over 0 to 1; a probability of 1 is in the last. */
export function reliability(
  probabilities: readonly number[],
  positive: readonly boolean[],
  bins = 10,
): ReliabilityBin[] {
  const binOf = (p: number) => Math.min(bins - 1, Math.floor(p * bins));
  return Array.from({ length: bins }, (_, bin) => {
    const own = probabilities.flatMap((p, i) =>
      binOf(p) === bin ? [{ p, found: Number(positive[i]) }] : [],
    );
    const mean = (of: (one: (typeof own)[number]) => number) =>
      own.length === 0 ? null : own.reduce((sum, one) => sum + of(one), 0) / own.length;
    return {
      ...{ from: bin / bins, to: (bin + 1) / bins, count: own.length },
      ...{ said: mean(({ p }) => p), found: mean(({ found }) => found) },
    };
  });
}

/**
 * Expected calibration error: the mean distance of what was said from what was found, over bins by their counts. NaN without any.
 * Source: Naeini, Cooper and Hauskrecht 2015.
 */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const count = bins.reduce((sum, bin) => sum + bin.count, 0);
  const error = bins.reduce(
    (sum, bin) => sum + bin.count * Math.abs((bin.said ?? 0) - (bin.found ?? 0)),
    0,
  );
  return error / count;
}
