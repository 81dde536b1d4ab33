/** What a group of seeds came to, and how it got there: one number over the steps of each, and its mean over seeds. */
import { type Estimate, estimate, smooth } from '../../rl/over-seeds.ts';
import type { SeedRun } from './seed-run.ts';

/** No interval of fewer seeds is shown. */
export const LEAST_SEEDS = 3;
/** A number of every step is noisy, so it is the mean of so many steps. */
export const SMOOTHED_STEPS = 10;

export interface SeedSeries {
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** Whether a number is measured now and then; all others are measured at every step. */
export const isEvaluated = (metric: string) =>
  ['eval/', 'eval_ood/'].some((beginning) => metric.startsWith(beginning));

/** A number over the steps of a run: evaluations as they were measured, all else as trailing means. */
export function seriesOf({ metrics }: SeedRun, metric: string): SeedSeries {
  const steps: number[] = [];
  const values: number[] = [];
  for (const row of metrics) {
    const value = row[metric];
    if (typeof value !== 'number') continue;
    steps.push(row.step);
    values.push(value);
  }
  return { steps, values: isEvaluated(metric) ? values : smooth(values, SMOOTHED_STEPS) };
}

/** What runs are judged by if nobody says: held-out accuracy where it is measured, otherwise the reward. */
export function headline(runs: readonly SeedRun[]): string {
  const has = (name: string) => runs.some(({ metrics }) => metrics.some((row) => name in row));
  return ['eval/accuracy', 'eval/win_rate'].find(has) ?? 'reward';
}

/** The runs that count: those that have done all their steps; where none has, all. */
export function counted(runs: readonly SeedRun[]): readonly SeedRun[] {
  const done = runs.filter(({ state }) => state === 'done');
  return done.length > 0 ? done : runs;
}

export interface SeedResult {
  /** The last step at which every counted run has the number. */
  readonly step: number;
  readonly values: readonly { readonly seed: number; readonly value: number }[];
  /** Without interval below three seeds. */
  readonly estimate: Estimate;
}

/** What the counted runs came to; null where they have no step in common. */
export function resultOf(runs: readonly SeedRun[], metric: string): SeedResult | null {
  const at = curveOf(runs, metric).at(-1);
  return at ? { step: at.step, values: at.values, estimate: at.estimate } : null;
}

/** The mean over the counted runs at every step that all of them have. */
export function curveOf(runs: readonly SeedRun[], metric: string): readonly SeedResult[] {
  const all = counted(runs).map((run) => ({ seed: run.seed, at: valuesAt(run, metric) }));
  const measured = all.filter(({ at }) => at.size > 0);
  return commonSteps(measured.map(({ at }) => at)).map((step) => {
    const values = measured.map(({ seed, at }) => ({ seed, value: at.get(step) ?? Number.NaN }));
    return { step, values, estimate: estimateOf(values.map(({ value }) => value)) };
  });
}

export function valuesAt(run: SeedRun, metric: string): ReadonlyMap<number, number> {
  const { steps, values } = seriesOf(run, metric);
  return new Map(steps.map((step, i) => [step, values[i]]));
}

/** Steps that all have, ascending. */
export function commonSteps(all: readonly ReadonlyMap<number, number>[]): readonly number[] {
  const [first, ...others] = all;
  if (!first) return [];
  return [...first.keys()].filter((step) => others.every((one) => one.has(step)));
}

/** A mean with its interval from three values on. @param values at least one */
export function estimateOf(values: readonly number[]): Estimate {
  const found = estimate(values) ?? { mean: Number.NaN, low: null, high: null, n: 0 };
  return found.n < LEAST_SEEDS ? { ...found, low: null, high: null } : found;
}

/** The first step at which each counted run is at a level or above; null for those that never are. */
export function stepsTo(
  runs: readonly SeedRun[],
  metric: string,
  level: number,
): readonly { readonly seed: number; readonly step: number | null }[] {
  return counted(runs).map((run) => {
    const { steps, values } = seriesOf(run, metric);
    const at = values.findIndex((value) => value >= level);
    return { seed: run.seed, step: at < 0 ? null : steps[at] };
  });
}
