/** Runs as points, accuracy against mean length: which of them no other beats in both, and how far each is from plain GRPO. */
import { type ChartRun, slotOf } from './runs.ts';
import type { SeriesStore } from './series.ts';

/** One place on the chart. */
export interface Place {
  /** Mean tokens of an answer. */
  readonly length: number;
  /** Share right. */
  readonly accuracy: number;
}

/** What a run has come to; null where it was not measured. */
export interface Outcome {
  /** Of its last evaluation. */
  readonly evaluated: Place | null;
  /** Mean of its last training steps. */
  readonly trained: Place | null;
}

/** A run that is over and was cleared from the other charts. */
export interface KeptRun {
  readonly label: string;
  readonly plain: boolean;
  readonly outcome: Outcome;
}

export interface ParetoPoint extends Place {
  readonly id: string;
  readonly label: string;
  /** 1 to 5: which run colour. */
  readonly slot: number;
  /** GRPO with nothing but the task's own reward. */
  readonly plain: boolean;
  /** It is over and cleared from the other charts. */
  readonly kept: boolean;
}

/** Training steps whose mean is a run's place where there is no evaluation. */
export const LAST_STEPS = 20;

export function outcomeOf(series: SeriesStore): Outcome {
  const last = (name: string) => series.column(name).findLast(Number.isFinite);
  const recent = (name: string) => {
    const values = series.column(name).slice(-LAST_STEPS).filter(Number.isFinite);
    return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
  };
  return {
    evaluated: place(last('eval/mean_length'), last('eval/accuracy')),
    trained: place(recent('completions/mean_length'), recent('rewards/answer/mean')),
  };
}

function place(length: number | undefined, accuracy: number | undefined): Place | null {
  return length === undefined || accuracy === undefined ? null : { length, accuracy };
}

/**
 * All runs that have a place, those on the page first. One kind of place for all: evaluations where every run has one, training
 * otherwise, because the two are not comparable.
 */
export function paretoPoints(
  runs: readonly Pick<ChartRun, 'id' | 'label' | 'slot' | 'plain' | 'series'>[],
  kept: readonly KeptRun[],
): { readonly points: readonly ParetoPoint[]; readonly source: 'evaluated' | 'trained' } {
  // The first slots are those of the runs on the page.
  const taken = Math.min(4, Math.max(2, runs.length));
  const left = 5 - taken;
  const all = [
    ...runs.map(({ id, label, slot, plain = false, series }) => {
      return { id, label, slot: slotOf({ slot }), plain, kept: false, outcome: outcomeOf(series) };
    }),
    ...kept.map((run, i) => ({
      ...run,
      id: `kept-${i}`,
      kept: true,
      slot: taken + 1 + (i % left),
    })),
  ].filter(({ outcome }) => outcome.evaluated ?? outcome.trained);
  const source = all.every(({ outcome }) => outcome.evaluated) ? 'evaluated' : 'trained';
  const points = all.flatMap(({ outcome, ...run }) => {
    const at = outcome[source];
    return at ? [{ ...run, ...at }] : [];
  });
  return { points, source };
}

/** Those that no other beats in one and equals in the other, from short to long. */
export function frontier(points: readonly ParetoPoint[]): readonly ParetoPoint[] {
  const beats = (a: Place, b: Place) =>
    a.length <= b.length &&
    a.accuracy >= b.accuracy &&
    (a.length < b.length || a.accuracy > b.accuracy);
  return points
    .filter((point) => !points.some((other) => beats(other, point)))
    .sort((a, b) => a.length - b.length || a.accuracy - b.accuracy);
}

/**
 * Points from plain GRPO's: length as a share of its own less 1, accuracy as a difference; null without a plain run. Of several
 * the one that was kept first is the origin, so that it stays where it is while others come.
 */
export function relativeTo(points: readonly ParetoPoint[]): readonly ParetoPoint[] | null {
  const plain = points.filter(({ plain, length }) => plain && length > 0);
  const origin = plain.find(({ kept }) => kept) ?? plain[0];
  if (!origin) return null;
  return points.map((point) => ({
    ...point,
    length: point.length / origin.length - 1,
    accuracy: point.accuracy - origin.accuracy,
  }));
}
