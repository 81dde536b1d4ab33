import type { XAxisKind } from './cursor-store.ts';
import { type DrawnLine, heightShare, indexAt, positions } from './lines.ts';
import type { ChartRun } from './runs.ts';
import { clock, compact, type Scale } from './ticks.ts';

/** Where things stand in a plot, in CSS pixels from its top left corner. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly scale: Scale;
  readonly log: boolean;
  readonly xAxis: XAxisKind;
}

/** Horizontal pixel of a position on the x axis. */
export function pixelX(frame: Frame, x: number): number {
  return ((x - frame.x[0]) / (frame.x[1] - frame.x[0])) * frame.width;
}

/** Position on the x axis under a horizontal pixel. */
export function atPixel(frame: Frame, pixel: number): number {
  return frame.x[0] + (pixel / frame.width) * (frame.x[1] - frame.x[0]);
}

/** Vertical pixel of a value. */
export function pixelY(frame: Frame, value: number): number {
  return (1 - heightShare(value, frame.scale, frame.log)) * frame.height;
}

/** A position as the axis writes it. */
export function axisLabel(frame: Pick<Frame, 'xAxis'>, x: number): string {
  if (frame.xAxis === 'time') return clock(x);
  return frame.xAxis === 'tokens' ? compact(x) : String(Math.round(x));
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

/** A line's value at a step: of the last measured step not above it. Undefined before the first and after the last. */
export function valueAt(
  line: DrawnLine,
  step: number | null,
): { x: number; value: number; raw: number; step: number } | undefined {
  const { steps, values, raw, xs } = line;
  const lastStep = steps.at(-1);
  if (lastStep === undefined) return undefined;
  const runEnd = line.run.series.steps().at(-1) ?? lastStep;
  if (step !== null && (step > runEnd || step < steps[0])) return undefined;
  const i = step === null ? values.findLastIndex(Number.isFinite) : indexAt(steps, step);
  if (i < 0) return undefined;
  return { x: xs[i], value: values[i], raw: raw[i], step: steps[i] };
}
