/** Where the steps and values of metrics stand in a plot. */
import type { Frame } from '../plot/frame.ts';
import { reading } from '../plot/numbers.ts';
import type { XAxisKind } from './cursor-store.ts';
import { type DrawnLine, indexAt, positions } from './lines.ts';
import type { ChartRun } from './runs.ts';

export interface MetricFrame extends Frame {
  readonly xAxis: XAxisKind;
  /** Pixels right of the plot that are kept for the names of its lines. */
  readonly beside: number;
}

/** The run whose steps the cursor counts: the one that has got furthest. */
export function leadingRun(runs: readonly ChartRun[]): ChartRun | undefined {
  let leader: ChartRun | undefined;
  for (const run of runs) {
    const last = run.series.steps().at(-1);
    if (last === undefined) continue;
    if (!leader || last > (leader.series.steps().at(-1) ?? -1)) leader = run;
  }
  return leader;
}

/** Where a step stands on the x axis, by the leading run; undefined where no run has it. */
export function stepPosition(
  runs: readonly ChartRun[],
  xAxis: XAxisKind,
  step: number,
): number | undefined {
  if (xAxis === 'step') return step;
  const run = leadingRun(runs);
  return run ? positions(run, xAxis)[indexAt(run.series.steps(), step)] : undefined;
}

/** A value of a line, and where it was measured. */
export interface LineValue {
  readonly x: number;
  readonly step: number;
  /** As drawn; NaN where the step has none. */
  readonly value: number;
  readonly raw: number;
}

/** A line's value at a step: of the last measured step not above it. Undefined before the first and after the last. */
export function valueAt(line: DrawnLine, step: number | null): LineValue | undefined {
  const { steps, values, raw, xs } = line;
  const lastStep = steps.at(-1);
  if (lastStep === undefined) return undefined;
  const runEnd = line.run.series.steps().at(-1) ?? lastStep;
  if (step !== null && (step > runEnd || step < steps[0])) return undefined;
  const i = step === null ? values.findLastIndex(Number.isFinite) : indexAt(steps, step);
  if (i < 0) return undefined;
  return { x: xs[i], value: values[i], raw: raw[i], step: steps[i] };
}

/** A value as the title line gives it: a step that reported none has a dash, one that reported no number says so. */
export function valueText(line: DrawnLine, at: LineValue | undefined): string {
  if (!at) return '–';
  const reported = line.run.series.nonFiniteSteps(line.column).includes(at.step);
  return Number.isFinite(at.value) || reported ? reading(at.value) : '–';
}
