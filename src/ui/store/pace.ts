/** How fast a run goes and how long it will take, from the times of its own steps. */
import type { MetricsRow, TimingsRow } from '../../rl/records.ts';

export interface Pace {
  /** Mean seconds of the steps counted. */
  readonly secondsPerStep: number;
  /** How many of the last steps were counted. */
  readonly counted: number;
}

/** Steps before a time left is shown: the first ones compile and warm up. */
export const STEPS_BEFORE_ESTIMATE = 5;
const WINDOW = 20;
/** A step this many times the median had the tab frozen or the machine asleep; it says nothing of the next one. */
const GAP_FACTOR = 10;

/** The pace over the last 20 steps without gaps, or null before the fifth step. */
export function paceOf(timings: readonly TimingsRow[]): Pace | null {
  // Row 0 is the evaluation before the first step.
  const steps = timings.filter(({ step }) => step > 0);
  if (steps.length < STEPS_BEFORE_ESTIMATE) return null;
  const times = steps
    .slice(-WINDOW)
    .map((row) => row.step_time)
    .filter((time) => Number.isFinite(time) && time >= 0);
  if (times.length === 0) return null;
  const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)];
  const steady = times.filter((time) => time <= GAP_FACTOR * median);
  const sum = steady.reduce((total, time) => total + time, 0);
  return { secondsPerStep: sum / steady.length, counted: steady.length };
}

/** Mean tokens of one of the last 20 steps, by the count that every row carries; null where two rows are not known. */
export function tokensPerStep(rows: readonly MetricsRow[]): number | null {
  const counts = rows.slice(-WINDOW - 1).flatMap(({ step, num_tokens: tokens }) => {
    return typeof tokens === 'number' ? [{ step, tokens }] : [];
  });
  const [first, last] = [counts[0], counts.at(-1)];
  if (!first || !last || last.step === first.step) return null;
  return (last.tokens - first.tokens) / (last.step - first.step);
}

/** Seconds left of `total` steps when `step` are done. */
export function secondsLeft(pace: Pace, step: number, total: number): number {
  return Math.max(0, total - step) * pace.secondsPerStep;
}
