/**
 * Intervals by the bootstrap over clusters of questions. All numbers of an evaluation share the same resamples. That is cheap (clusters
 * are drawn once, and a number costs one pass of sums), and it keeps numbers paired, so that the interval of a difference is that of the
 * pairs.
 *
 * Whole clusters are drawn with replacement. Questions about the same numbers are right or wrong together, and so are the answers to one
 * question; only clusters are independent. A question that shares its cluster with no other is drawn alone. An interval runs between two
 * quantiles of the resampled values, interpolated linearly. It says how much the number depends on which questions were asked, and nothing
 * about another training seed. Sources: Efron and Tibshirani 1993, chapter 13; Davison and Hinkley 1997, section 3.8 (whole clusters,
 * without replacement within them).
 */
import type { RandomStream } from '../random.ts';
import { mean } from './statistics.ts';

/** A number with its interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The intervals of a curve, point by point. */
export interface Band {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const RESAMPLES = 1000;
/** Most draws kept, 4 bytes each. Very many clusters get fewer resamples; their intervals are narrow anyway. */
const MOST_DRAWS = 2 ** 24;
const LEAST_RESAMPLES = 100;

export class Bootstrap {
  /** Per question, the number of its cluster, from 0 in order of first appearance. */
  readonly #clusterOf: Uint32Array;
  /** Clusters. */
  readonly #count: number;
  readonly #level: number;
  /** Per resample, the numbers of `count` clusters. */
  readonly #draws: Uint32Array;

  /** @param clusters per question a key: questions with the same key are drawn together. At least one question */
  constructor(
    clusters: readonly string[],
    random: RandomStream,
    { resamples = RESAMPLES, level = 0.95 }: { resamples?: number; level?: number } = {},
  ) {
    const numbers = new Map([...new Set(clusters)].map((key, number) => [key, number]));
    const count = numbers.size;
    const most = Math.max(LEAST_RESAMPLES, Math.floor(MOST_DRAWS / count));
    this.#clusterOf = Uint32Array.from(clusters, (key) => numbers.get(key) ?? 0);
    this.#count = count;
    this.#level = level;
    this.#draws = new Uint32Array(count * Math.min(resamples, most));
    for (let i = 0; i < this.#draws.length; i++) this.#draws[i] = random.below(count);
  }

  /** Mean of one number per question. */
  mean(perQuestion: readonly number[]): Interval {
    const ones = perQuestion.map(() => 1);
    const { low, high } = this.statistic([perQuestion, ones], ([sum, count]) => sum / count);
    return { mean: mean(perQuestion), low, high };
  }

  /** Sum of `parts` divided by sum of `wholes`, both per question: a rate where questions have different numbers of tries. */
  ratio(parts: readonly number[], wholes: readonly number[]): Interval {
    return this.statistic([parts, wholes], ([part, whole]) => part / whole);
  }

  /**
   * Any number that is a function of the sums of columns over questions.
   * @param columns each with one number per question
   * @param combine computes it from the columns' sums; NaN where it is undefined: such resamples are left out
   */
  statistic(
    columns: readonly (readonly number[])[],
    combine: (sums: readonly number[]) => number,
  ): Interval {
    const byCluster = columns.map((column) => this.#sums(column));
    const whole = columns.map((column) => column.reduce((sum, value) => sum + value, 0));
    return this.#interval(combine(whole), (from) =>
      combine(byCluster.map((sums) => this.#sum(sums, from))),
    );
  }

  /**
   * Any number that is a function of how often each question was drawn, such as a rank statistic.
   * @param of given one weight per question, all 1 for the number itself; NaN where it is undefined: such resamples are left out
   */
  weighted(of: (weights: ArrayLike<number>) => number): Interval {
    const weights = new Float64Array(this.#clusterOf.length);
    const drawn = new Uint32Array(this.#count);
    return this.#interval(of(weights.fill(1)), (from) => {
      drawn.fill(0);
      for (let i = from; i < from + this.#count; i++) drawn[this.#draws[i]] += 1;
      for (let i = 0; i < weights.length; i++) weights[i] = drawn[this.#clusterOf[i]];
      return of(weights);
    });
  }

  /** @param of the number of the resample whose draws begin at `from` */
  #interval(value: number, of: (from: number) => number): Interval {
    const values: number[] = [];
    for (let from = 0; from < this.#draws.length; from += this.#count) {
      const drawn = of(from);
      if (!Number.isNaN(drawn)) values.push(drawn);
    }
    const sorted = Float64Array.from(values).sort();
    return {
      mean: value,
      low: quantile(sorted, (1 - this.#level) / 2),
      high: quantile(sorted, (1 + this.#level) / 2),
    };
  }

  /** Sums of a column over the questions of each cluster. */
  #sums(column: readonly number[]): Float64Array {
    const sums = new Float64Array(this.#count);
    column.forEach((value, question) => {
      sums[this.#clusterOf[question]] += value;
    });
    return sums;
  }

  #sum(sums: Float64Array, from: number): number {
    let sum = 0;
    for (let i = from; i < from + this.#count; i++) sum += sums[this.#draws[i]];
    return sum;
  }
}

/** Intervals as a band. */
export function bandOf(intervals: readonly Interval[]): Band {
  return { low: intervals.map(({ low }) => low), high: intervals.map(({ high }) => high) };
}

function quantile(sorted: Float64Array, q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}
