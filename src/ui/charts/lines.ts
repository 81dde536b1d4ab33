import type { BandPoint, Point } from '../plot/frame.ts';
import type { ChartSpec, LineSpec } from './chart-spec.ts';
import type { XAxisKind } from './cursor-store.ts';
import { decimate } from './decimate.ts';
import { type ChartRun, DASHES, dashOf, slotOf } from './runs.ts';
import { smooth } from './smoothing.ts';

/** One line, ready to draw, and the full series behind it for readings. */
export interface DrawnLine {
  readonly key: string;
  readonly run: ChartRun;
  /** Hue, 1 to 5, of the run, and its dash: the run's, or else the quantity's. */
  readonly slot: number;
  readonly dash: string | undefined;
  readonly spec: LineSpec;
  readonly points: readonly Point[];
  readonly rawPoints: readonly Point[];
  /** The interval around the line, where it has one. */
  readonly band: readonly BandPoint[];
  /** Stretches of the x axis whose values are not finite. */
  readonly gaps: readonly (readonly [number, number])[];
  readonly notFinite: number;
  /** How many of the values within the range are 0 or below, on a log scale: they have no place on it. */
  readonly dropped: number;
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
  if (axis === 'tokens') return carried(run.series.column('num_tokens'));
  return run.series.steps();
}

/** A count that only grows, where steps that did not report it stand at what was reached before them; 0 at the start. */
function carried(counts: readonly number[]): readonly number[] {
  if (!counts.some(Number.isNaN)) return counts;
  let reached = 0;
  return counts.map((count) => {
    if (!Number.isNaN(count)) reached = count;
    return reached;
  });
}

/** All lines of a chart that have values. Smooths the full series first and decimates then. */
export function drawnLines(
  spec: ChartSpec,
  runs: readonly ChartRun[],
  options: LineOptions,
): DrawnLine[] {
  return spec.lines.flatMap((line) =>
    runs.flatMap((run) => {
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
  const [from, to] = range ? within(steps, range, spec.sparse) : [0, steps.length];
  const points = (source: readonly number[]): Point[] =>
    decimate(source, from, to, BUDGETS[spec.size]).map((i) => ({
      x: xs[i],
      y: Number.isNaN(source[i]) || (log && source[i] <= 0) ? null : source[i],
    }));
  return {
    key: `${run.id} ${column}`,
    run,
    slot: slotOf(run),
    dash: spec.ink ? undefined : (dashOf(run) ?? quantityDash(spec, line)),
    spec: line,
    points: points(values),
    rawPoints: spec.raw && smoothing > 0 ? points(raw) : [],
    band: line.band ? bandOf(run, line.band, all, range, log) : [],
    gaps: gapsOf(series.nonFiniteSteps(column), all.steps, all.xs),
    notFinite: series.nonFinite(column),
    dropped: log ? values.slice(from, to).filter((value) => value <= 0).length : 0,
    steps,
    xs,
    values,
    raw,
    column,
  };
}

/** Of a run whose own lines are whole, the third quantity and those after it are broken: the second is told by being thin. */
function quantityDash({ lines }: ChartSpec, line: LineSpec): string | undefined {
  const place = lines.indexOf(line);
  return place < 2 ? undefined : DASHES[1 + ((place - 2) % (DASHES.length - 1))];
}

/**
 * The indices of the steps in a range, the last one left out. A sparse line has its neighbours outside too: it runs between
 * two measurements, though none may lie in the range.
 */
function within(
  steps: readonly number[],
  [first, last]: readonly [number, number],
  sparse = false,
): readonly [number, number] {
  const from = lowerBound(steps, first);
  const to = lowerBound(steps, last + 1);
  return sparse ? [Math.max(0, from - 1), Math.min(steps.length, to + 1)] : [from, to];
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
  const known = lows.flatMap((low, i) =>
    Number.isFinite(low) && Number.isFinite(highs[i]) && (!log || low > 0) ? [i] : [],
  );
  const measured = known.map((i) => steps[i]);
  const [from, to] = range ? within(measured, range, true) : [0, known.length];
  return known.slice(from, to).map((i) => ({ x: xs[i], low: lows[i], high: highs[i] }));
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
