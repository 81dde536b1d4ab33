/** Runs as points, accuracy against mean length: which of them no other beats in both, and how far each is from plain GRPO. */
import { type ChartRun, slotOf } from './runs.ts';
import type { SeriesStore } from './series.ts';

/** One place on the chart. */
export interface Place {
  /** Mean tokens of an answer. */
  readonly length: number;
  /** Share right. */
  readonly accuracy: number;
  /** Share right where training began, if that was measured. */
  readonly began?: number;
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
/** And at the start, which it must not have fallen below to count as unbeaten: noise of fewer steps would decide. */
const FIRST_STEPS = 5;

export function outcomeOf(series: SeriesStore): Outcome {
  const last = (name: string) => series.column(name).findLast(Number.isFinite);
  const recent = (name: string) => {
    return mean(series.column(name).slice(-LAST_STEPS).filter(Number.isFinite));
  };
  const began = (name: string, steps: number) =>
    mean(series.column(name).filter(Number.isFinite).slice(0, steps));
  return {
    evaluated: place(last('eval/mean_length'), last('eval/accuracy'), began('eval/accuracy', 1)),
    trained: place(
      recent('completions/mean_length'),
      recent('rewards/answer/mean'),
      began('rewards/answer/mean', FIRST_STEPS),
    ),
  };
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
}

function place(
  length: number | undefined,
  accuracy: number | undefined,
  began: number | undefined,
): Place | null {
  if (length === undefined || accuracy === undefined) return null;
  return { length, accuracy, ...(began !== undefined && { began }) };
}

/**
 * All runs that have a place, those on the page first. One kind of place for all: evaluations where every run has one, training
 * otherwise, because the two are not comparable.
 */
export function paretoPoints(
  runs: readonly Pick<ChartRun, 'id' | 'label' | 'slot' | 'plain' | 'series' | 'changes'>[],
  kept: readonly KeptRun[],
): { readonly points: readonly ParetoPoint[]; readonly source: 'evaluated' | 'trained' } {
  const taken = Math.max(0, ...runs.map(({ slot }) => slot));
  const all = [
    ...runs.map(({ id, label, slot, plain = false, series, changes = [] }) => ({
      ...{ id, slot: slotOf({ slot }), plain, kept: false, outcome: outcomeOf(series) },
      // No single setting stands behind such a point.
      label: changes.length > 0 ? `${label}, moved live` : label,
    })),
    // Their colours go on after those of the runs on the page.
    ...kept.map((run, i) => ({
      ...{ ...run, id: `kept-${i}`, kept: true },
      slot: slotOf({ slot: taken + i + 1 }),
    })),
  ].filter(({ outcome }) => outcome.evaluated ?? outcome.trained);
  const source = all.every(({ outcome }) => outcome.evaluated) ? 'evaluated' : 'trained';
  const points = all.flatMap(({ outcome, ...run }) => {
    const at = outcome[source];
    return at ? [{ ...run, ...at }] : [];
  });
  return { points, source };
}

/** Whether a run has lost accuracy since it began: short answers are then no merit. */
export function hasLost({ accuracy, began }: Place): boolean {
  return began !== undefined && accuracy < began;
}

/** Of those that are no worse than where they began, the ones that no other beats in one and equals in the other, from short to long. */
export function frontier(points: readonly ParetoPoint[]): readonly ParetoPoint[] {
  const beats = (a: Place, b: Place) =>
    a.length <= b.length &&
    a.accuracy >= b.accuracy &&
    (a.length < b.length || a.accuracy > b.accuracy);
  const kept = points.filter((point) => !hasLost(point));
  return kept
    .filter((point) => !kept.some((other) => beats(other, point)))
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
    ...(point.began !== undefined && { began: point.began - origin.accuracy }),
  }));
}
