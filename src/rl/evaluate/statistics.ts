/** Statistics of evaluation: pass@k, maj@k and means. */
import type { RandomStream } from '../random.ts';

/** One sampled completion of a question, as judged by the verifier. */
export interface JudgedAnswer {
  /** The answer in canonical form, so that equal answers are equal texts; null where none could be extracted. */
  readonly answer: string | null;
  readonly correct: boolean;
}

/** Up to this many subsets are all counted; where there are more, this many are drawn. */
const SUBSETS = 2000;

/** Arithmetic mean; NaN without values. */
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
  // A Map keeps the order of first appearance, so only a strictly larger count takes the lead.
  let winner: { readonly first: JudgedAnswer; count: number } | null = null;
  for (const vote of votes.values()) if (!winner || vote.count > winner.count) winner = vote;
  return winner?.first ?? null;
}

/**
 * Chance that the majority of k of these samples is right, each k of them equally likely and kept in order, for k = 1 to all.
 *
 * k = n is the vote of all samples: 0 or 1. The mean is exact where there are at most 2,000 ways to choose. Otherwise it is over
 * the first k of 2,000 random orders, the same for every k, so that time grows with n and not with its square.
 * Without any answer among the k, the vote is wrong.
 * @param random used only where subsets are drawn
 * @returns index k - 1 is for k samples
 */
export function majAtEachK(samples: readonly JudgedAnswer[], random: RandomStream): number[] {
  const ks = samples.map((_, i) => i + 1);
  // Nothing to count or to draw where every vote is right, or every vote wrong.
  const right = samples.filter(({ correct }) => correct).length;
  if (right === 0 || right === samples.length) return ks.map(() => Number(right > 0));
  const isFew = (k: number) => choose(samples.length, k) <= SUBSETS;
  const ballot = ballotOf(samples);
  const drawn = ks.every(isFew) ? [] : drawnMajorities(ballot, random);
  return ks.map((k) => (isFew(k) ? exactMajority(ballot, k) : drawn[k - 1]));
}

/** Samples as numbers, so that counting many votes allocates nothing. */
interface Ballot {
  /** Per sample the number of its answer, from 0 in order of first appearance; -1 where it has none. */
  readonly answers: Int32Array;
  /** Per answer whether it is right. */
  readonly right: readonly boolean[];
  /** Scratch, one entry per answer: its votes, all 0 between counts, and its earliest voter. */
  readonly votes: Int32Array;
  readonly first: Int32Array;
}

function ballotOf(samples: readonly JudgedAnswer[]): Ballot {
  const numbers = new Map<string, number>();
  const right: boolean[] = [];
  const answers = Int32Array.from(samples, ({ answer, correct }) => {
    if (answer === null) return -1;
    const known = numbers.get(answer);
    if (known !== undefined) return known;
    numbers.set(answer, right.length);
    right.push(correct);
    return right.length - 1;
  });
  const [votes, first] = [new Int32Array(right.length), new Int32Array(right.length)];
  return { answers, right, votes, first };
}

function exactMajority(ballot: Ballot, k: number): number {
  const { answers, right, votes } = ballot;
  const n = answers.length;
  const subset = Int32Array.from({ length: k }, (_, i) => i);
  let count = 0;
  let won = 0;
  for (;;) {
    // In order, so an answer that catches up stays behind: ties go to the one seen first in the end.
    let leader = -1;
    for (const i of subset) if (answers[i] >= 0) votes[answers[i]]++;
    for (const i of subset) {
      const answer = answers[i];
      if (answer >= 0 && (leader < 0 || votes[answer] > votes[leader])) leader = answer;
    }
    for (const i of subset) if (answers[i] >= 0) votes[answers[i]] = 0;
    count++;
    if (leader >= 0 && right[leader]) won++;
    // The next subset in order: the last index that can advance does, and those after it follow.
    let place = k - 1;
    while (place >= 0 && subset[place] === n - k + place) place--;
    if (place < 0) return won / count;
    subset[place]++;
    for (let behind = place + 1; behind < k; behind++) subset[behind] = subset[behind - 1] + 1;
  }
}

/** Votes come in one by one. Only the answer just voted for can take the lead, or win a tie by an earlier voter. */
function drawnMajorities(ballot: Ballot, random: RandomStream): number[] {
  const { answers, right, votes, first } = ballot;
  const indices = Array.from(answers, (_, i) => i);
  const won = indices.map(() => 0);
  for (let draw = 0; draw < SUBSETS; draw++) {
    votes.fill(0);
    let leader = -1;
    const order = random.shuffle(indices);
    for (let place = 0; place < order.length; place++) {
      const answer = answers[order[place]];
      if (answer >= 0) {
        first[answer] = votes[answer] === 0 ? order[place] : Math.min(first[answer], order[place]);
        votes[answer]++;
        const ahead =
          leader < 0 ? 1 : votes[answer] - votes[leader] || first[leader] - first[answer];
        if (ahead > 0) leader = answer;
      }
      if (leader >= 0 && right[leader]) won[place]++;
    }
  }
  return won.map((count) => count / SUBSETS);
}

function checkK(n: number, k: number): void {
  if (!Number.isInteger(k) || k < 1 || k > n) throw new RangeError(`k = ${k} of ${n} samples`);
}

/** Binomial coefficient; exact while it is a safe integer. */
function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}
