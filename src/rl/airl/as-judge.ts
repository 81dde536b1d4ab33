/**
 * How well numbers tell traces of one kind from those of another: by rank (AUROC), and, where they are probabilities, by calibration.
 * Float64.
 */
import type { Bootstrap, Interval } from '../evaluate/bootstrap.ts';
import { sigmoid } from './discriminator-loss.ts';

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

/** One bin of a reliability diagram: probabilities from `from` to `to`. */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** Of probabilities in the bin; where they have weights, the sum of those. */
  readonly count: number;
  /** Mean probability, and the share that is positive; null in an empty bin. */
  readonly said: number | null;
  readonly found: number | null;
}

const BINS = 10;

/**
 * Ten bins of equal width over 0 to 1; a probability of 1 is in the last.
 * @param weights above 0, one per probability; all 1 where left out
 */
export function reliability(
  probabilities: readonly number[],
  positive: readonly boolean[],
  weights?: readonly number[],
): ReliabilityBin[] {
  const binOf = (p: number) => Math.min(BINS - 1, Math.floor(p * BINS));
  return Array.from({ length: BINS }, (_, bin) => {
    const own = probabilities.flatMap((p, i) =>
      binOf(p) === bin ? [{ p, found: Number(positive[i]), weight: weights?.[i] ?? 1 }] : [],
    );
    const sum = (of: (one: (typeof own)[number]) => number) =>
      own.reduce((total, one) => total + one.weight * of(one), 0);
    const count = sum(() => 1);
    const mean = (of: (one: (typeof own)[number]) => number) =>
      own.length === 0 ? null : sum(of) / count;
    return {
      ...{ from: bin / BINS, to: (bin + 1) / BINS, count },
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

/** A trace that a verifier has judged, and what was said of it. */
export interface JudgedTrace {
  readonly correct: boolean;
  /** Mean logit of the reward over the trace's tokens. */
  readonly logit: number;
  /** The policy's mean log-probability per token, nats; null where it was not asked. */
  readonly logprob: number | null;
}

/** How well a learned reward tells right traces from wrong ones, which it was not taught. */
export interface JudgeQuality {
  readonly right: number;
  readonly wrong: number;
  /** By the mean logit, with its 95 % interval; null where all traces are right, or all wrong. */
  readonly auroc: number | null;
  readonly auroc_interval: Interval | null;
  /** The same by the policy's mean log-probability; null where it was not asked, too. */
  readonly log_probability_auroc: number | null;
  readonly log_probability_auroc_interval: Interval | null;
  /** Of sigmoid(mean logit), taken as the probability of being right. */
  readonly calibration_error: number;
  readonly reliability: readonly ReliabilityBin[];
}

/** @param bootstrap over the traces, in their order @throws RangeError without traces */
export function judgeQuality(traces: readonly JudgedTrace[], bootstrap: Bootstrap): JudgeQuality {
  if (traces.length === 0) throw new RangeError('there are no traces to judge');
  const correct = traces.map((trace) => trace.correct);
  const right = correct.filter(Boolean).length;
  const ranked = (scores: readonly number[]) =>
    right === 0 || right === traces.length || scores.length < traces.length
      ? null
      : bootstrap.weighted(aurocOf(scores, correct));
  const reward = ranked(traces.map(({ logit }) => logit));
  const own = ranked(traces.flatMap(({ logprob }) => (logprob === null ? [] : [logprob])));
  const bins = reliability(
    traces.map(({ logit }) => sigmoid(logit)),
    correct,
  );
  return {
    ...{ right, wrong: traces.length - right },
    ...{ auroc: reward?.mean ?? null, auroc_interval: reward },
    ...{ log_probability_auroc: own?.mean ?? null, log_probability_auroc_interval: own },
    ...{ calibration_error: calibrationError(bins), reliability: bins },
  };
}
