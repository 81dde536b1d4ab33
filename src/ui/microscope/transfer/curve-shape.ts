/** The curve's geometry: places on a line of the ruler, and where names have room. */
import { bandPath as drawnBand, linePath as drawnLine } from '../../plot/frame.ts';
import type { TokenLine } from '../token-lines.ts';
import { placeOf } from './cuts.ts';
import { rateOf, wilson } from './interval.ts';
import type { CurvePoint } from './transfer-data.ts';

/** The inner drawing's units: it is stretched to the plot, so only their ratio to it counts. */
export const BOX = { width: 1000, height: 400 } as const;

const x = (line: TokenLine, cut: number): number =>
  ((placeOf(line, cut, true) ?? 0) / Math.max(1, line.width)) * BOX.width;
const y = (rate: number): number => (1 - rate) * BOX.height;

/** The part of a curve on one line. Between known cuts it is straight. */
export function linePath(line: TokenLine, points: readonly CurvePoint[]): string {
  const on = pointsOn(line, points);
  return on.length < 2
    ? ''
    : drawnLine(
        on,
        ({ cut }) => x(line, cut),
        (point) => y(rateOf(point)),
      );
}

/** The 95 % intervals of the points as a closed shape. */
export function bandPath(line: TokenLine, points: readonly CurvePoint[]): string {
  return drawnBand(
    pointsOn(line, points),
    ({ cut }) => x(line, cut),
    (point) => y(wilson(point).low),
    (point) => y(wilson(point).high),
  );
}

function pointsOn(line: TokenLine, points: readonly CurvePoint[]): CurvePoint[] {
  return points.filter(({ cut }) => cut >= line.from && cut <= line.to);
}

/** A name beside its curve. */
export interface CurveName {
  readonly index: number;
  readonly cut: number;
  readonly rate: number;
  /** Whether it stands over its curve or under it. */
  readonly above: boolean;
}

/** Where a name stands, as shares of the plot's height from its curve: its near and its far side, and what it should keep free. */
const NAME = { near: 0.02, far: 0.14, free: 0.04 } as const;

/**
 * A place for each curve's name, over or under its own line, where no line runs through it; the freest such place. A curve that
 * has none goes without: its column below names it too.
 * @param lines other heights that a name keeps clear of, such as a base rate
 * @param half characters on either side of a cut that a name takes
 */
export function namePlaces(
  line: TokenLine,
  curves: readonly (readonly CurvePoint[])[],
  lines: readonly number[] = [],
  half = 1.5,
): CurveName[] {
  const reach = Math.ceil(half);
  const rates = curves.map((points) => new Map(points.map((p) => [p.cut, rateOf(p)])));
  const names: CurveName[] = [];
  const place = (cut: number) => placeOf(line, cut, true) ?? Number.NaN;
  rates.forEach((own, index) => {
    let best: (CurveName & { readonly room: number }) | undefined;
    for (const [cut, rate] of own) {
      const at = place(cut);
      if (!(at >= half + 0.5 && at <= line.width - half - 0.5)) continue;
      if (names.some((name) => Math.abs(place(name.cut) - at) < 2 * half + 1)) continue;
      // What passes the name's own columns: every curve there, the own one too, between two cuts as well, and the fixed lines.
      const columns = Array.from({ length: 2 * reach }, (_, i) => cut + i - reach);
      const passing = [
        ...rates.flatMap((other) =>
          columns.map((column) => [other.get(column), other.get(column + 1)]),
        ),
        ...lines.map((fixed) => [fixed, fixed]),
      ];
      for (const above of [true, false]) {
        const sign = above ? 1 : -1;
        const end = rate + sign * NAME.far;
        if (end > 1 || end < 0) continue;
        const distances = passing.flatMap(([from, to]) => {
          const ends = [from, to].flatMap((r) => (r === undefined ? [] : [sign * (r - rate)]));
          if (ends.length === 0 || Math.max(...ends) <= NAME.near) return [];
          return [Math.min(...ends) - NAME.far];
        });
        const room = Math.min(...distances, (above ? 1 - end : end) + NAME.free);
        if (room >= NAME.free && room > (best?.room ?? 0)) best = { index, cut, rate, above, room };
      }
    }
    if (best) names.push({ index, cut: best.cut, rate: best.rate, above: best.above });
  });
  return names;
}
