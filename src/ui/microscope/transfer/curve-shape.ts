/** The curve's geometry: places on a line of the ruler, and where names have room. */
import { placeOf, type RuleLine } from './cuts.ts';
import { rateOf, wilson } from './interval.ts';
import type { CurvePoint } from './transfer-data.ts';

/** The inner drawing's units: it is stretched to the plot, so only their ratio to it counts. */
export const BOX = { width: 1000, height: 400 } as const;

const x = (line: RuleLine, cut: number): number =>
  ((placeOf(line, cut, true) ?? 0) / Math.max(1, line.width)) * BOX.width;
const y = (rate: number): number => (1 - rate) * BOX.height;
const pair = (a: number, b: number): string => `${a.toFixed(1)} ${b.toFixed(1)}`;

/** The part of a curve on one line. Between known cuts it is straight. */
export function linePath(line: RuleLine, points: readonly CurvePoint[]): string {
  const on = pointsOn(line, points);
  return on.length < 2
    ? ''
    : `M${on.map((point) => pair(x(line, point.cut), y(rateOf(point)))).join('L')}`;
}

/** The 95 % intervals of the points as a closed shape. */
export function bandPath(line: RuleLine, points: readonly CurvePoint[]): string {
  const on = pointsOn(line, points);
  if (on.length < 2) return '';
  const upper = on.map((point) => pair(x(line, point.cut), y(wilson(point).high)));
  const lower = on.map((point) => pair(x(line, point.cut), y(wilson(point).low))).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

function pointsOn(line: RuleLine, points: readonly CurvePoint[]): CurvePoint[] {
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

/**
 * A place for each curve's name: where its own line is farthest from the others, no two names near one another. Curves that run
 * together all the way go without; their columns below name them too.
 * @param room characters on either side of a cut that a name may take
 */
export function namePlaces(
  line: RuleLine,
  curves: readonly (readonly CurvePoint[])[],
  room = 4,
): CurveName[] {
  const rates = curves.map((points) => new Map(points.map((p) => [p.cut, rateOf(p)])));
  const names: CurveName[] = [];
  rates.forEach((own, index) => {
    const others = rates.filter((_, i) => i !== index);
    let best: (CurveName & { readonly gap: number }) | undefined;
    for (const [cut, rate] of own) {
      const place = placeOf(line, cut, true);
      if (place === undefined || place < room || place > line.width - room) continue;
      const near = names.some(
        (name) => Math.abs((placeOf(line, name.cut, true) ?? 0) - place) < 2 * room,
      );
      if (near) continue;
      const distances = others.flatMap((other) => {
        const there = other.get(cut);
        return there === undefined ? [] : [there - rate];
      });
      const over = Math.min(1 - rate, ...distances.filter((d) => d >= 0));
      const under = Math.min(rate, ...distances.filter((d) => d <= 0).map(Math.abs));
      const gap = Math.max(over, under);
      if (gap > (best?.gap ?? 0.1)) best = { index, cut, rate, above: over >= under, gap };
    }
    if (best) names.push({ index, cut: best.cut, rate: best.rate, above: best.above });
  });
  return names;
}
