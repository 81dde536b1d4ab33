import type { ChartSpec, LineSpec } from './catalogue.ts';
import type { XAxisKind } from './cursor-store.ts';
import { decimate } from './decimate.ts';
import { type ChartRun, slotOf } from './runs.ts';
import { smooth } from './smoothing.ts';
import { linearScale, logScale, type Scale } from './ticks.ts';

/** A drawn point; y is null at a gap. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/** An interval at a position. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** One line, ready to draw, and the full series behind it for readings. */
export interface DrawnLine {
  readonly key: string;
  readonly run: ChartRun;
  readonly slot: number;
  readonly spec: LineSpec;
  readonly points: readonly Point[];
  readonly rawPoints: readonly Point[];
  /** The interval around the line, where it has one. */
  readonly band: readonly BandPoint[];
  /** Stretches of the x axis whose values are not finite. */
  readonly gaps: readonly (readonly [number, number])[];
  readonly notFinite: number;
  readonly steps: readonly number[];
  /** Horizontal positions of all steps. */
  readonly xs: readonly number[];
  /** Values as drawn (smoothed) and as measured, one a step. */
  readonly values: readonly number[];
  readonly raw: readonly number[];
  readonly column: string;
}

/** Points a line, by the width it has: never more than 300, and about one a pixel in a narrow chart. */
const BUDGETS = { hero: 300, half: 240, small: 150, mini: 150 } as const;

/** How lines are made from series. */
export interface LineOptions {
  readonly smoothing: number;
  readonly xAxis: XAxisKind;
  /** Only these steps, ends included. */
  readonly range: readonly [number, number] | null;
  /** On a log scale values that are not above 0 have no place and leave gaps. */
  readonly log?: boolean;
}

/** Horizontal positions of a run's steps: steps, seconds since the start, or tokens so far. */
export function positions(run: ChartRun, axis: XAxisKind): readonly number[] {
  if (axis === 'time') return run.series.column('timings/elapsed');
  if (axis === 'tokens') return run.series.column('num_tokens');
  return run.series.steps();
}

/** All lines of a chart that have values. Smooths the full series first and decimates then. */
export function drawnLines(
  spec: ChartSpec,
  runs: readonly ChartRun[],
  options: LineOptions,
): DrawnLine[] {
  const shown = spec.ink ? runs.slice(0, 1) : runs;
  return spec.lines.flatMap((line) =>
    shown.flatMap((run) => {
      const drawn = drawLine(spec, line, run, options);
      return drawn ? [drawn] : [];
    }),
  );
}

function drawLine(
  spec: ChartSpec,
  line: LineSpec,
  run: ChartRun,
  { smoothing, xAxis, range, log }: LineOptions,
): DrawnLine | undefined {
  const { series } = run;
  const column = line.columns.find((name) => series.column(name).length > 0);
  if (column === undefined) return undefined;
  const all = { steps: series.steps(), xs: positions(run, xAxis), raw: series.column(column) };
  if (all.xs.length === 0) return undefined;
  const { steps, xs, raw } = spec.sparse ? measuredOnly(all) : all;
  const values = spec.sparse ? raw : smooth(raw, smoothing);
  const from = range ? lowerBound(steps, range[0]) : 0;
  const to = range ? lowerBound(steps, range[1] + 1) : steps.length;
  const points = (source: readonly number[]): Point[] =>
    decimate(source, from, to, BUDGETS[spec.size]).map((i) => ({
      x: xs[i],
      y: Number.isNaN(source[i]) || (log && source[i] <= 0) ? null : source[i],
    }));
  return {
    key: `${run.id} ${column}`,
    run,
    slot: slotOf(run),
    spec: line,
    points: points(values),
    rawPoints: spec.raw && smoothing > 0 ? points(raw) : [],
    band: line.band ? bandOf(run, line.band, all, range, log) : [],
    gaps: gapsOf(series.nonFiniteSteps(column), all.steps, all.xs),
    notFinite: series.nonFinite(column),
    steps,
    xs,
    values,
    raw,
    column,
  };
}

/** Where both ends of an interval were measured, within the range. */
function bandOf(
  { series }: ChartRun,
  [lowName, highName]: readonly [string, string],
  { steps, xs }: { readonly steps: readonly number[]; readonly xs: readonly number[] },
  range: readonly [number, number] | null,
  log = false,
): BandPoint[] {
  const lows = series.column(lowName);
  const highs = series.column(highName);
  return lows.flatMap((low, i) => {
    const inside = !range || (steps[i] >= range[0] && steps[i] <= range[1]);
    const known = Number.isFinite(low) && Number.isFinite(highs[i]) && (!log || low > 0);
    return inside && known ? [{ x: xs[i], low, high: highs[i] }] : [];
  });
}

/** Sparse metrics stay sparse: only the steps that have a value. */
function measuredOnly(all: {
  steps: readonly number[];
  xs: readonly number[];
  raw: readonly number[];
}) {
  const at = all.raw.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
  return {
    steps: at.map((i) => all.steps[i]),
    xs: at.map((i) => all.xs[i]),
    raw: at.map((i) => all.raw[i]),
  };
}

/** Runs of neighbouring steps without a finite value, from the last good to the next good position. */
export function gapsOf(
  badSteps: readonly number[],
  steps: readonly number[],
  xs: readonly number[],
): (readonly [number, number])[] {
  const gaps: [number, number][] = [];
  let lastIndex = -2;
  for (const step of badSteps) {
    const i = lowerBound(steps, step);
    const end = xs[Math.min(i + 1, xs.length - 1)];
    if (i === lastIndex + 1 && gaps.length > 0) gaps[gaps.length - 1][1] = end;
    else gaps.push([xs[Math.max(0, i - 1)], end]);
    lastIndex = i;
  }
  return gaps;
}

/** The first index whose value is not below `value`, in an ascending list. */
export function lowerBound(ascending: readonly number[], value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the last step that is not above `step`; the first where all are. -1 for an empty list. */
export function indexAt(steps: readonly number[], step: number): number {
  if (steps.length === 0) return -1;
  return Math.max(0, lowerBound(steps, step + 1) - 1);
}

/** Index of the position nearest to x. -1 for an empty list. */
export function nearestIndex(xs: readonly number[], x: number): number {
  if (xs.length === 0) return -1;
  const after = Math.min(xs.length - 1, lowerBound(xs, x));
  const before = Math.max(0, after - 1);
  return Math.abs(xs[before] - x) <= Math.abs(xs[after] - x) ? before : after;
}

/** The horizontal span: the whole run from the start (in steps), what has passed (in time or tokens), or the range. */
export function xDomain(
  runs: readonly ChartRun[],
  { xAxis, range }: Pick<LineOptions, 'xAxis' | 'range'>,
  planned: number,
): readonly [number, number] {
  if (xAxis === 'step') {
    if (range) return range;
    return [
      0,
      Math.max(1, ...runs.map((run) => run.totalSteps), ...(runs.length ? [] : [planned])),
    ];
  }
  let low = range ? Number.POSITIVE_INFINITY : 0;
  let high = 0;
  for (const run of runs) {
    const xs = positions(run, xAxis);
    const steps = run.series.steps();
    if (xs.length === 0) continue;
    if (range) low = Math.min(low, xs[indexAt(steps, range[0])]);
    high = Math.max(high, xs[range ? indexAt(steps, range[1]) : xs.length - 1]);
  }
  if (!Number.isFinite(low) || Number.isNaN(high)) return [0, 1];
  return high > low ? [low, high] : [low, low + 1];
}

/** The vertical scale for what is drawn; with `ignoreOutliers` it leaves out the outermost 2 % on either side. */
export function yScale(
  lines: readonly DrawnLine[],
  log: boolean,
  ignoreOutliers: boolean,
  most: number,
): Scale {
  let values = lines
    .flatMap((line) => [
      ...line.points,
      ...line.rawPoints,
      ...line.band.flatMap(({ x, low, high }) => [
        { x, y: low },
        { x, y: high },
      ]),
    ])
    .flatMap(({ y }) => (y === null || (log && y <= 0) ? [] : [y]));
  if (ignoreOutliers && values.length > 10) {
    values = values.sort((a, b) => a - b);
    const out = Math.floor(values.length * 0.02);
    values = values.slice(out, values.length - out);
  }
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return log ? logScale(low, high, most) : linearScale(low, high, most);
}

/** Scale to a share of the plot's height from the bottom, 0 to 1. */
export function heightShare(value: number, scale: Scale, log: boolean): number {
  if (!log) return (value - scale.low) / (scale.high - scale.low);
  return Math.log(value / scale.low) / Math.log(scale.high / scale.low);
}
