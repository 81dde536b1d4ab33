/** Curves over something other than steps: k of maj@k, or the share of an answer that a receiver saw. Pure geometry and text. */
import { linearScale, reading, type Scale } from './ticks.ts';

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
  /** Which of several things of the same hue: solid, dashed, dotted. */
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

export interface CurveFrame {
  readonly width: number;
  readonly height: number;
  /** Of the axis, on a log2 scale their logarithms. */
  readonly ends: readonly [number, number];
  readonly scale: Scale;
  readonly ticks: readonly number[];
  readonly log: boolean;
}

/** Dashes of several things of one hue. */
export const CURVE_DASHES: readonly (string | undefined)[] = [undefined, '6 4', '1.5 3', '9 3 2 3'];

/** Narrowest distance between two numbers under the axis, in pixels. */
const TICK_ROOM = 26;

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
  { width, height }: { readonly width: number; readonly height: number },
): CurveFrame {
  const log = spec.scale === 'log2';
  const places = placesOf(curves);
  const [first, last] = spec.domain ?? [places[0] ?? 1, places.at(-1) ?? 1];
  const from = log ? Math.log2(first) : first;
  const to = log ? Math.log2(last) : last;
  const ends = [from, to > from ? to : from + 1] as const;
  const values = curves.flatMap(({ points, thin, level }) =>
    points.flatMap(({ y, low = y, high = y }) => (thin || level ? [y] : [low, y, high])),
  );
  const known = values.filter(Number.isFinite);
  // Shares begin at 0, so that twice as high is twice as good.
  const scale = linearScale(
    0,
    known.reduce((most, value) => Math.max(most, value), 0.01),
    5,
  );
  const ticks = log ? powersOfTwo(ends[1], width) : [0, 0.2, 0.4, 0.6, 0.8, 1];
  return { width, height, ends, scale, ticks, log };
}

/** 1, 2, 4, ... as far as the axis goes, with room for their numbers. */
function powersOfTwo(most: number, width: number): number[] {
  const count = Math.floor(most + 1e-9) + 1;
  const stride = Math.max(1, Math.ceil((count * TICK_ROOM) / Math.max(1, width)));
  return Array.from({ length: Math.ceil(count / stride) }, (_, i) => 2 ** (i * stride));
}

export function curveX({ ends, width, log }: CurveFrame, x: number): number {
  const at = log ? Math.log2(x) : x;
  return ((at - ends[0]) / (ends[1] - ends[0])) * width;
}

export function curveY({ scale, height }: CurveFrame, y: number): number {
  return (1 - (y - scale.low) / (scale.high - scale.low)) * height;
}

/** The place nearest to a pixel. */
export function nearestPlace(frame: CurveFrame, places: readonly number[], pixel: number): number {
  let best = 0;
  places.forEach((x, i) => {
    const away = Math.abs(curveX(frame, x) - pixel);
    if (away < Math.abs(curveX(frame, places[best]) - pixel)) best = i;
  });
  return best;
}

const fixed = (value: number) => value.toFixed(1);

/** A curve as a path; a value that is not finite leaves a gap. */
export function curvePath(frame: CurveFrame, { points, level }: Curve): string {
  if (level && points.length > 0) {
    const y = fixed(curveY(frame, points[0].y));
    return Number.isFinite(points[0].y) ? `M0 ${y}H${fixed(frame.width)}` : '';
  }
  let pen = 'M';
  return points
    .map(({ x, y }) => {
      if (!Number.isFinite(y)) {
        pen = 'M';
        return '';
      }
      const part = `${pen}${fixed(curveX(frame, x))} ${fixed(curveY(frame, y))}`;
      pen = 'L';
      return part;
    })
    .join('');
}

/** The interval around a curve as a closed shape; empty where it has none. */
export function curveBand(frame: CurveFrame, { points, thin, level }: Curve): string {
  const known = points.filter(({ low, high }) => Number.isFinite(low) && Number.isFinite(high));
  if (thin || level || known.length < 2) return '';
  const at = (x: number, y = 0) => `${fixed(curveX(frame, x))} ${fixed(curveY(frame, y))}`;
  const upper = known.map(({ x, high }) => at(x, high));
  const lower = known.map(({ x, low }) => at(x, low)).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
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
    String(x),
    ...curves.flatMap((curve) => {
      const point = pointAt(curve, x);
      return [point?.y, point?.low, point?.high].map((value) =>
        value === undefined || !Number.isFinite(value) ? '' : String(value),
      );
    }),
  ]);
  const quoted = (cell: string) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return `${[head, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}
