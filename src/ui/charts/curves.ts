/** Curves over something other than steps: k of maj@k, or the share of an answer that a receiver saw. Pure geometry and text. */
import { csvText } from '../../csv.ts';
import { type BandPoint, type Frame, type Point, pixelX } from '../plot/frame.ts';
import { nameRoom } from '../plot/names.ts';
import { reading } from '../plot/numbers.ts';
import { exactScale, linearScale, log2Scale } from '../plot/scale.ts';

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** The ends of its 95 % interval. */
  readonly low?: number;
  readonly high?: number;
}

export interface Curve {
  readonly key: string;
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** A run's slot, 1 to 5, or ink, which is a receiver's. */
  readonly hue: number | 'ink';
  /** Which of several things of the same hue: a place in the list of dashes. */
  readonly dash: number;
  /** What it is compared with is thin and has no band. */
  readonly thin?: boolean;
  /** The same at every place, drawn over the whole width. */
  readonly level?: boolean;
}

export interface CurveSpec {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  /** What the horizontal axis counts, as the heading of the table's first column. */
  readonly axis: string;
  readonly scale: 'log2' | 'linear';
  /** Ends of the axis; the points' own where it is left out. */
  readonly domain?: readonly [number, number];
  /** A place as the table and the cursor name it. */
  readonly place: (x: number) => string;
  readonly help?: string;
}

/** Pixels that a number under the axis takes with its surroundings. */
const TICK_ROOM = 39;

/** Hue and weight of a curve, for the plot and its key. */
export function curveClass({ hue, thin, level }: Curve): string {
  const name = hue === 'ink' ? 'k' : `r${hue}`;
  return `curve ${name}${thin ? ' thin' : ''}${level ? ' level' : ''}`;
}

/** All places that any curve has, rising. */
export function placesOf(curves: readonly Curve[]): number[] {
  const all = curves.flatMap(({ points }) => points.map(({ x }) => x));
  return [...new Set(all)].sort((a, b) => a - b);
}

export function curveFrame(
  spec: CurveSpec,
  curves: readonly Curve[],
  { width: whole, height }: { readonly width: number; readonly height: number },
): Frame {
  const width =
    whole -
    nameRoom(
      curves.map(({ name }) => name.length),
      whole,
    );
  const places = placesOf(curves);
  const [first, last] = spec.domain ?? [places[0] ?? 1, places.at(-1) ?? 1];
  const values = curves.flatMap(({ points, thin, level }) =>
    points.flatMap(({ y, low = y, high = y }) => (thin || level ? [y] : [low, y, high])),
  );
  const most = values.filter(Number.isFinite).reduce((a, b) => Math.max(a, b), 0.01);
  return {
    ...{ width, height },
    x:
      spec.scale === 'log2'
        ? log2Scale(last, Math.max(1, Math.floor(width / TICK_ROOM)))
        : exactScale(first, last, { most: 5, ends: false }),
    // Shares begin at 0, so that twice as high is twice as good.
    y: linearScale(0, most, { most: 6 }),
  };
}

/** The place nearest to a pixel. */
export function nearestPlace(frame: Frame, places: readonly number[], pixel: number): number {
  let best = 0;
  places.forEach((x, i) => {
    const away = Math.abs(pixelX(frame, x) - pixel);
    if (away < Math.abs(pixelX(frame, places[best]) - pixel)) best = i;
  });
  return best;
}

/** The places that a curve runs through; a value that is not finite leaves a gap, and a level goes over the whole width. */
export function curvePoints({ x: { low, high } }: Frame, { points, level }: Curve): Point[] {
  const known = points.map(({ x, y }) => ({ x, y: Number.isFinite(y) ? y : null }));
  return level ? known.slice(0, 1).flatMap(({ y }) => [low, high].map((x) => ({ x, y }))) : known;
}

/** The interval around a curve; empty where it has none. */
export function curveBand({ points, thin, level }: Curve): BandPoint[] {
  if (thin || level) return [];
  return points.flatMap(({ x, low = Number.NaN, high = Number.NaN }) =>
    Number.isFinite(low) && Number.isFinite(high) ? [{ x, low, high }] : [],
  );
}

export function pointAt(curve: Curve, x: number): CurvePoint | undefined {
  return curve.points.find((point) => point.x === x);
}

/** 0.42 (0.36 to 0.48), or 0.42 alone. */
export function pointText(point: CurvePoint | undefined): string {
  if (!point || !Number.isFinite(point.y)) return '–';
  const { y, low, high } = point;
  return low === undefined || high === undefined
    ? reading(y)
    : `${reading(y)} (${reading(low)} to ${reading(high)})`;
}

/** What the chart says at a place, in words. */
export function placeSentence(spec: CurveSpec, curves: readonly Curve[], x: number): string {
  const parts = curves.map((curve) => `${curve.name} ${pointText(pointAt(curve, x))}`);
  return `${spec.place(x)}: ${parts.join(', ')}`;
}

/** The numbers as CSV: one line a place, value and ends of the interval of every curve. */
export function curvesCsv(spec: CurveSpec, curves: readonly Curve[]): string {
  const head = [spec.axis, ...curves.flatMap(({ name }) => [name, `${name} low`, `${name} high`])];
  const rows = placesOf(curves).map((x) => [
    x,
    ...curves.flatMap((curve) => {
      const point = pointAt(curve, x);
      return [point?.y, point?.low, point?.high];
    }),
  ]);
  return csvText([head, ...rows]);
}
