/** The scales of a metric chart: along the bottom what all charts share, along the side what its lines need. */
import { exactScale, linearScale, logScale, type Scale } from '../plot/scale.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { XAxisKind } from './cursor-store.ts';
import { levelValues } from './levels.ts';
import { type DrawnLine, indexAt, type LineOptions, positions } from './lines.ts';
import type { ChartRun } from './runs.ts';

const COUNTS: Readonly<Record<XAxisKind, 'whole' | 'seconds' | 'amounts'>> = {
  step: 'whole',
  time: 'seconds',
  tokens: 'amounts',
};

/** The horizontal span: the whole run from the start (in steps), what has passed (in time or tokens), or the range. */
export function xScale(
  runs: readonly ChartRun[],
  { xAxis, range }: Pick<LineOptions, 'xAxis' | 'range'>,
  planned: number,
  most?: number,
): Scale {
  const [low, high] = xDomain(runs, { xAxis, range }, planned);
  return exactScale(low, high, { counts: COUNTS[xAxis], ...(most !== undefined && { most }) });
}

function xDomain(
  runs: readonly ChartRun[],
  { xAxis, range }: Pick<LineOptions, 'xAxis' | 'range'>,
  planned: number,
): readonly [number, number] {
  if (xAxis === 'step') {
    if (range) return range;
    return [0, Math.max(1, ...(runs.length ? runs.map((run) => run.totalSteps) : [planned]))];
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

/** Of what the values are, the share that a linear scale spans at the least. */
const LEAST_SHARE = 0.1;

interface VerticalOptions {
  readonly log: boolean;
  /** Leaves out the outermost 2 % on either side. */
  readonly ignoreOutliers: boolean;
  readonly most: number;
}

/** The vertical scale for what is drawn, levels included. It spans the chart's least, so that early noise does not look like a change. */
export function yScale(
  spec: Pick<ChartSpec, 'least' | 'levels' | 'share'>,
  lines: readonly DrawnLine[],
  { log, ignoreOutliers, most }: VerticalOptions,
): Scale {
  let values = lines
    .flatMap(({ points, rawPoints, band }) => [
      ...points.map(({ y }) => y),
      ...rawPoints.map(({ y }) => y),
      ...band.flatMap(({ low, high }) => [low, high]),
    ])
    .flatMap((y) => (y === null || (log && y <= 0) ? [] : [y]));
  if (ignoreOutliers && values.length > 10) {
    values = values.sort((a, b) => a - b);
    const out = Math.floor(values.length * 0.02);
    values = values.slice(out, values.length - out);
  }
  const { least = 0 } = spec;
  values = [...values, ...levelValues(spec, log)];
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (log) return logScale(low, high, most);
  const share = LEAST_SHARE * Math.max(Math.abs(low), Math.abs(high));
  return linearScale(low, high, {
    ...{ most, least: Math.max(least, share) },
    ...(spec.share && { within: [0, 1] as const }),
  });
}

/** Whether any of the lines shows within the horizontal scale: a value in it, or two that it lies between. */
export function isShown(lines: readonly DrawnLine[], { low, high }: Scale): boolean {
  return lines.some(({ points }) => {
    const known = points.filter(({ y }) => y !== null);
    const inside = known.some(({ x }) => x >= low && x <= high);
    return inside || (known.some(({ x }) => x < low) && known.some(({ x }) => x > high));
  });
}
