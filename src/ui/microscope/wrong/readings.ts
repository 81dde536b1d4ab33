/** One trace under all four readings, and what its picks amount to. Pure. */
import type { Granularity, Reading } from '../../../rl/airl/granularity.ts';
import type { Task } from '../../../rl/tasks/task.ts';
import {
  finds,
  type LearnedTrace,
  type Part,
  readTrace,
  type Stretch,
} from '../../samples/learned-reading.ts';
import { ORDER } from '../../samples/reading-control.tsx';
import type { ReadTrace } from './trace.ts';

export interface TraceReading {
  readonly granularity: Granularity;
  /** The reward of each token. */
  readonly rewards: Float64Array;
  readonly parts: readonly Part[];
  readonly trace: LearnedTrace;
}

/** The trace at each granularity, from one reading to one a token. */
export function readingsOf(
  trace: ReadTrace,
  task: Task,
  { interval, clip }: { readonly interval: number; readonly clip: number },
): readonly TraceReading[] {
  return ORDER.map((granularity) => readingOf(trace, task, { granularity, interval, clip }));
}

export function readingOf(
  trace: ReadTrace,
  task: Task,
  { clip, ...reading }: Reading & { readonly clip: number },
): TraceReading {
  const { logits, question } = trace;
  const read = readTrace(trace, logits, { task, clip }, reading, question);
  return { granularity: reading.granularity, ...read };
}

/**
 * What makes a reward point nowhere: it stands at its limit at every place where it is read, or says the same at all of them, to the two decimals
 * that are shown. Null where it tells places apart, and where there is one alone.
 */
export function pointless({ parts }: Pick<TraceReading, 'parts'>, clip: number) {
  if (parts.length < 2) return null;
  if (parts.every(({ value }) => Math.abs(value) >= clip)) return 'limit';
  const shown = new Set(parts.map(({ value }) => value.toFixed(2).replace('-0.00', '0.00')));
  return shown.size === 1 ? 'same' : null;
}

/** The token that the policy finds least likely; null where that is not known. */
export function leastLikely(logprobs: readonly number[] | null): Stretch | null {
  if (logprobs === null || logprobs.length === 0) return null;
  const at = logprobs.indexOf(Math.min(...logprobs));
  return { from: at, to: at + 1 };
}

/** What a pick amounts to: whether it lies on the first wrong step, and else how many tokens it is off. */
export interface Outcome {
  readonly hit: boolean | null;
  readonly text: string;
}

export function outcomeOf(pick: Stretch | null, wrong: LearnedTrace['wrong']): Outcome {
  if (pick === null) return { hit: null, text: 'no pick' };
  if (wrong === null) return { hit: null, text: 'no step is wrong' };
  if (wrong === undefined) return { hit: null, text: 'not known' };
  if (finds(pick, wrong)) return { hit: true, text: 'hit' };
  const late = pick.from >= wrong.to;
  const off = late ? pick.from - wrong.to + 1 : wrong.from - pick.to + 1;
  return { hit: false, text: `${off} ${late ? 'late' : 'early'}` };
}
