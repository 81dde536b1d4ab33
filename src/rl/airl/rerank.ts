/**
 * Choosing among several answers to a question by a learned reward, beside the ways that need none. Whatever chooses sees the same answers, so differences
 * are paired.
 *
 * A completion's rewards become one number by an aggregator: their mean, the last, the late-weighted mean with weights 0.95^(T-1-t), or the least. Source:
 * AIRL for reasoning, the learned reward as a reranker.
 */
import type { Bootstrap, Interval } from '../evaluate/bootstrap.ts';
import { type JudgedAnswer, majority, mean } from '../evaluate/statistics.ts';
import { sigmoid } from './discriminator-loss.ts';

export const AGGREGATORS = ['mean', 'last', 'late_weighted', 'minimum'] as const;
export type Aggregator = (typeof AGGREGATORS)[number];

/** What an earlier token weighs beside the next one, late-weighted. */
const LATENESS = 0.95;

/** One number of a completion's rewards, one per token; null without tokens. */
export function aggregate(rewards: ArrayLike<number>, how: Aggregator): number | null {
  if (rewards.length === 0) return null;
  switch (how) {
    case 'mean':
      return mean(rewards);
    case 'last':
      return rewards[rewards.length - 1];
    case 'minimum':
      return Array.from(rewards).reduce((least, reward) => Math.min(least, reward));
    case 'late_weighted': {
      // From the first token on: all that came before weighs 0.95 of what it did.
      let [sum, weights] = [0, 0];
      for (let t = 0; t < rewards.length; t++) {
        sum = LATENESS * sum + rewards[t];
        weights = LATENESS * weights + 1;
      }
      return sum / weights;
    }
  }
}

/** One of the answers to a question. */
export interface Candidate extends JudgedAnswer {
  /** The learned reward of each token; empty without tokens. */
  readonly rewards: ArrayLike<number>;
  /** The policy's mean log-probability per token, nats; null where it is not known. */
  readonly logprob: number | null;
}

/**
 * `one_sample` is any answer, `majority` the most frequent one, `reward_weighted_vote` the one with the largest sum of sigmoid(mean reward),
 * `log_probability` the one that the policy finds likeliest per token, `any` whether one is right at all; the others pick by an aggregator.
 */
export type Chooser =
  | Aggregator
  | 'one_sample'
  | 'majority'
  | 'reward_weighted_vote'
  | 'log_probability'
  | 'any';

/** Shares from 0 to 1 over questions, with 95 % intervals. */
export interface Chosen {
  readonly accuracy: number;
  readonly accuracy_interval: Interval;
  /** Accuracy less that of one sample, paired by question. */
  readonly gain: number;
  readonly gain_interval: Interval;
}

export interface RerankRow {
  /** Answers to choose from. */
  readonly n: number;
  /** By chooser; `log_probability` is absent where an answer's is not known. */
  readonly choosers: Readonly<Partial<Record<Chooser, Chosen>>>;
}

/**
 * How often what is chosen is right. Each question's answers are cut into blocks of `n`, what is left over is not used, and a question counts by the mean over
 * its blocks. A pick without any number, as of answers without tokens, and a vote without any answer are wrong.
 * @param questions each with its answers, in the order in which they were drawn
 * @param sizes numbers of answers, each from 1 to as many as every question has
 * @param bootstrap over the questions, in their order
 * @throws RangeError where there is no question, or a size is out of range
 */
export function rerank(
  questions: readonly (readonly Candidate[])[],
  sizes: readonly number[],
  bootstrap: Bootstrap,
): RerankRow[] {
  const most = Math.min(...questions.map((answers) => answers.length));
  const likely = questions.every((answers) => answers.every(({ logprob }) => logprob !== null));
  const choosers = CHOOSERS.filter(([name]) => likely || name !== 'log_probability');
  return sizes.map((n) => {
    if (questions.length === 0 || !Number.isInteger(n) || n < 1 || n > most)
      throw new RangeError(`${n} answers of ${most}`);
    const blocks = questions.map((answers) => blocksOf(answers, n));
    const rightOf = (choose: Choose) => blocks.map((own) => mean(own.map(choose)));
    const one = rightOf(oneSample);
    const entries = choosers.map(([name, choose]): [Chooser, Chosen] => {
      const right = rightOf(choose);
      const accuracy = bootstrap.mean(right);
      const gain = bootstrap.mean(right.map((share, i) => share - one[i]));
      return [
        name,
        {
          ...{ accuracy: accuracy.mean, accuracy_interval: accuracy },
          ...{ gain: gain.mean, gain_interval: gain },
        },
      ];
    });
    return { n, choosers: Object.fromEntries(entries) };
  });
}

function blocksOf(answers: readonly Candidate[], n: number): (readonly Candidate[])[] {
  return Array.from({ length: Math.floor(answers.length / n) }, (_, block) =>
    answers.slice(block * n, (block + 1) * n),
  );
}

/** The share of times that the chosen answer of a block is right. */
type Choose = (block: readonly Candidate[]) => number;

const oneSample: Choose = (block) => mean(block.map(({ correct }) => Number(correct)));

const CHOOSERS: readonly (readonly [Chooser, Choose])[] = [
  ['one_sample', oneSample],
  ['majority', (block) => Number(majority(block)?.correct ?? false)],
  ['reward_weighted_vote', (block) => Number(weightedVote(block)?.correct ?? false)],
  ['log_probability', (block) => pick(block, ({ logprob }) => logprob)],
  ...AGGREGATORS.map((how): [Chooser, Choose] => [
    how,
    (block) => pick(block, ({ rewards }) => aggregate(rewards, how)),
  ]),
  ['any', (block) => Number(block.some(({ correct }) => correct))],
];

/** Whether the answer with the largest number is right; of equal ones the mean, so that a tie is no luck. */
function pick(
  block: readonly Candidate[],
  numberOf: (candidate: Candidate) => number | null,
): number {
  let best = Number.NEGATIVE_INFINITY;
  let right: number[] = [];
  for (const candidate of block) {
    const value = numberOf(candidate);
    if (value === null || value < best) continue;
    if (value > best) right = [];
    best = value;
    right.push(Number(candidate.correct));
  }
  return right.length === 0 ? 0 : mean(right);
}

/** The answer with the largest sum of weights; ties go to the one seen first. Null where no sample has an answer. */
function weightedVote(block: readonly Candidate[]): Candidate | null {
  const votes = new Map<string, { readonly first: Candidate; weight: number }>();
  for (const candidate of block) {
    if (candidate.answer === null) continue;
    const reward = aggregate(candidate.rewards, 'mean');
    const weight = reward === null ? 0 : sigmoid(reward);
    const vote = votes.get(candidate.answer);
    if (vote) vote.weight += weight;
    else votes.set(candidate.answer, { first: candidate, weight });
  }
  let winner: { readonly first: Candidate; weight: number } | null = null;
  for (const vote of votes.values()) if (!winner || vote.weight > winner.weight) winner = vote;
  return winner?.first ?? null;
}
