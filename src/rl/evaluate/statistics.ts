/** Statistics of evaluation: pass@k, maj@k and means. */
import type { RandomStream } from '../random.ts';

/** One sampled completion of a question, as the verifier left it. */
export interface JudgedAnswer {
  /** The answer in canonical form, so that equal answers are equal texts; null where none could be extracted. */
  readonly answer: string | null;
  readonly correct: boolean;
}

/** Up to this many subsets are counted one by one; beyond, as many are drawn. */
const SUBSETS = 2000;

/** Arithmetic mean; NaN of nothing. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Unbiased chance that at least one of k samples is right, from c right ones of n: 1 - C(n - c, k) / C(n, k), as a product so that
 * nothing overflows. Source: Chen et al. 2021 (Codex), eq. 1.
 * @throws RangeError unless 0 <= c <= n and 1 <= k <= n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(c >= 0 && c <= n)) throw new RangeError(`${c} right of ${n} samples`);
  checkK(n, k);
  if (c === 0) return 0;
  if (n - c < k) return 1;
  let noneRight = 1;
  for (let i = n - c + 1; i <= n; i++) noneRight *= 1 - k / i;
  return 1 - noneRight;
}

/**
 * The most frequent answer; ties go to the one seen first, and completions without an answer have no vote.
 * @returns the first sample with that answer, or null where no sample has one.
 */
export function majority(samples: readonly JudgedAnswer[]): JudgedAnswer | null {
  const votes = new Map<string, { readonly first: JudgedAnswer; count: number }>();
  for (const sample of samples) {
    if (sample.answer === null) continue;
    const vote = votes.get(sample.answer);
    if (vote) vote.count++;
    else votes.set(sample.answer, { first: sample, count: 1 });
  }
  // A Map keeps the order of first sight, so only a strictly larger count may take the lead.
  let winner: { readonly first: JudgedAnswer; count: number } | null = null;
  for (const vote of votes.values()) if (!winner || vote.count > winner.count) winner = vote;
  return winner?.first ?? null;
}

/**
 * Chance that the majority of k of these samples is right, each k of them equally likely and kept in order, for k = 1 to all.
 *
 * k = n is the vote of all samples: 0 or 1. The mean is exact where there are at most 2,000 ways to choose, and else over
 * the first k of 2,000 random orders: the same orders for every k, so that time grows with n and not with its square.
 * Without any answer among the k, the vote is wrong.
 * @param random drawn from only where the choice is random.
 * @returns place k - 1 is for k samples
 */
export function majAtEachK(samples: readonly JudgedAnswer[], random: RandomStream): number[] {
  const ks = samples.map((_, i) => i + 1);
  // Nothing to count or to draw where no vote can go wrong, or none right.
  const right = samples.filter(({ correct }) => correct).length;
  if (right === 0 || right === samples.length) return ks.map(() => Number(right > 0));
  const isFew = (k: number) => choose(samples.length, k) <= SUBSETS;
  const drawn = ks.every(isFew) ? [] : drawnMajorities(samples, random);
  return ks.map((k) => (isFew(k) ? exactMajority(samples, k) : drawn[k - 1]));
}

function exactMajority(samples: readonly JudgedAnswer[], k: number): number {
  let right = 0;
  let count = 0;
  for (const subset of allSubsets(samples.length, k)) {
    count++;
    if (majority(subset.map((i) => samples[i]))?.correct) right++;
  }
  return right / count;
}

/** Votes come in one by one; only the answer just voted for can take the lead, or gain the earlier place in a tie. */
function drawnMajorities(samples: readonly JudgedAnswer[], random: RandomStream): number[] {
  const right = samples.map(() => 0);
  const indices = samples.map((_, i) => i);
  for (let draw = 0; draw < SUBSETS; draw++) {
    const votes = new Map<string, { count: number; first: number }>();
    let leader = { count: 0, first: -1 };
    for (const [place, i] of random.shuffle(indices).entries()) {
      const { answer } = samples[i];
      if (answer !== null) {
        const vote = votes.get(answer) ?? { count: 0, first: i };
        votes.set(answer, vote);
        vote.count++;
        vote.first = Math.min(vote.first, i);
        const ahead = vote.count - leader.count || leader.first - vote.first;
        if (ahead > 0) leader = vote;
      }
      if (leader.count > 0 && samples[leader.first].correct) right[place]++;
    }
  }
  return right.map((count) => count / SUBSETS);
}

function checkK(n: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > n) throw new RangeError(`k = ${k} of ${n} samples`);
}

/** Binomial coefficient; exact as long as it is a safe integer. */
function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

/** All k-subsets of 0..n-1 in order. */
function* allSubsets(n: number, k: number, from = 0): Generator<number[]> {
  if (k === 0) {
    yield [];
    return;
  }
  for (let first = from; first <= n - k; first++) {
    for (const rest of allSubsets(n, k - 1, first + 1)) yield [first, ...rest];
  }
}
