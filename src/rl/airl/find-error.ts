/**
 * Finding the first error of a trace by numbers per token: where a learned reward is lowest, where it drops most, where the policy finds its own token least
 * likely, or where it is least certain. All are asked on the same grids, tokens or steps, so their hits compare, also with chance.
 *
 * Source: AIRL for reasoning, the learned reward as an error finder. Trap: every token after an error looks wrong, so the lowest reward is often a later one; and
 * a finder with a coarser grid of its own is right more often by luck.
 */
import type { Bootstrap, Interval } from '../evaluate/bootstrap.ts';
import { passAtK } from '../evaluate/statistics.ts';
import { type Tokens, tokenStarts, type Written } from '../token-starts.ts';

/** The tokens of a step, from and to. */
export type Span = readonly [from: number, to: number];

/** A trace whose first wrong step is known. */
export interface FaultyTrace {
  /** One span per step, rising, together all tokens; the end token is in the last. */
  readonly steps: readonly Span[];
  /** The first wrong one. */
  readonly wrong: number;
  /** The learned reward of each token. */
  readonly rewards: ArrayLike<number>;
  /** Of each token under the policy, nats; null where that was not asked. */
  readonly logprobs: ArrayLike<number> | null;
  readonly entropies: ArrayLike<number> | null;
}

/** The tokens of each step; a step without a token of its own is empty. @param boundaries offsets just after each step (`Task.stepBoundaries`) */
export function stepSpans(
  written: Written,
  tokenizer: Tokens,
  boundaries: readonly number[],
): Span[] {
  const starts = tokenStarts(written, tokenizer);
  let from = 0;
  return boundaries.map((boundary, step): Span => {
    const next = starts.findIndex((start) => start >= boundary);
    const ends = step === boundaries.length - 1 || next === -1;
    const span: Span = [from, ends ? written.completionIds.length : next];
    from = span[1];
    return span;
  });
}

/** `tokens`: a pick is a token, and a hit where it lies in the first wrong step. `steps`: a pick is a step. */
export const GRIDS = ['tokens', 'steps'] as const;
export type Grid = (typeof GRIDS)[number];

/**
 * `lowest_reward`; `largest_drop` from the place before, from 0 at the first; `log_probability`, the policy's least likely token; `entropy`, where the policy is
 * least certain; `chance`, any place. By step, a reward is that at the step's last token, and the policy's numbers are those of its worst token.
 */
export type Finder = 'lowest_reward' | 'largest_drop' | 'log_probability' | 'entropy' | 'chance';

/** How often the first wrong step is among the most suspect places, with a 95 % interval. */
export interface Found {
  readonly hit_at_1: number;
  readonly hit_at_1_interval: Interval;
  readonly hit_at_k: number;
  readonly hit_at_k_interval: Interval;
}

/** By finder; the policy's are absent where it was not asked. */
export type FoundBy = Readonly<Partial<Record<Finder, Found>>>;

/**
 * @param k places that may be named beside the first; where a trace has fewer, all of them
 * @param bootstrap over the traces, in their order
 * @throws RangeError without traces, or for a k below 1
 */
export function findErrors(
  traces: readonly FaultyTrace[],
  grid: Grid,
  k: number,
  bootstrap: Bootstrap,
): FoundBy {
  if (traces.length === 0 || !Number.isInteger(k) || k < 1)
    throw new RangeError(`${k} places in ${traces.length} traces`);
  const entries = FINDERS.flatMap(([name, suspicionOf]): [Finder, Found][] => {
    const suspicions = traces.map((trace) => suspicionOf(trace, grid));
    const all = suspicions.filter((one) => one !== null);
    if (all.length < traces.length) return [];
    const hits = (most: number) =>
      bootstrap.mean(traces.map((trace, i) => hitChance(all[i], targetOf(trace, grid), most)));
    const [first, among] = [hits(1), hits(k)];
    return [
      [
        name,
        {
          ...{ hit_at_1: first.mean, hit_at_1_interval: first },
          ...{ hit_at_k: among.mean, hit_at_k_interval: among },
        },
      ],
    ];
  });
  return Object.fromEntries(entries);
}

/**
 * Chance that one of the targets is among the `most` places of largest suspicion, equal ones in random order.
 * @param target the places that count as found, from and to
 */
export function hitChance(suspicion: readonly number[], [from, to]: Span, most: number): number {
  const inside = suspicion.slice(from, to);
  if (inside.length === 0) return 0;
  const best = inside.reduce((a, b) => Math.max(a, b));
  const before = suspicion.filter((one) => one > best).length;
  const equal = suspicion.filter((one) => one === best).length;
  const targets = inside.filter((one) => one === best).length;
  const left = Math.min(most - before, equal);
  return left < 1 ? 0 : passAtK(equal, targets, left);
}

function targetOf({ steps, wrong }: FaultyTrace, grid: Grid): Span {
  return grid === 'steps' ? [wrong, wrong + 1] : steps[wrong];
}

/** One number per place, the most suspect largest; null where it cannot be said. */
type Suspicion = (trace: FaultyTrace, grid: Grid) => readonly number[] | null;

const FINDERS: readonly (readonly [Finder, Suspicion])[] = [
  ['lowest_reward', (trace, grid) => levels(trace, grid).map((reward) => -reward)],
  [
    'largest_drop',
    (trace, grid) =>
      levels(trace, grid).map((reward, i, all) => (i === 0 ? 0 : all[i - 1]) - reward),
  ],
  ['log_probability', (trace, grid) => worst(trace, trace.logprobs, grid, -1)],
  ['entropy', (trace, grid) => worst(trace, trace.entropies, grid, 1)],
  ['chance', (trace, grid) => levels(trace, grid).map(() => 0)],
];

/** The reward at each place; that of an empty step is that of the token before it, and 0 at the very start. */
function levels({ rewards, steps }: FaultyTrace, grid: Grid): number[] {
  if (grid === 'tokens') return Array.from(rewards);
  return steps.map(([, to]) => (to === 0 ? 0 : rewards[to - 1]));
}

/** The policy's numbers, with a sign that makes the most suspect largest. */
function worst(
  { steps }: FaultyTrace,
  numbers: ArrayLike<number> | null,
  grid: Grid,
  sign: 1 | -1,
): number[] | null {
  if (numbers === null) return null;
  const signed = Array.from(numbers, (value) => sign * value);
  if (grid === 'tokens') return signed;
  return steps.map(([from, to]) =>
    signed.slice(from, to).reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
  );
}
