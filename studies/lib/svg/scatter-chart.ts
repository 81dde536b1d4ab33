/** Two numbers of each arm against each other, with the intervals of both; arms of one family are joined. */
import type { Estimate } from '../statistics.ts';
import { type Figure, key, px, rule, SLOTS, sheet, widthOf, words } from './figure.ts';
import { linearScale, type Scale, tickText } from './scale.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly x: Estimate;
  readonly y: Estimate;
}

/** Arms that differ in one weight, in its order. */
export interface Family {
  readonly name: string;
  readonly points: readonly ScatterPoint[];
  /** Draws no line between them: they differ in more than a weight. */
  readonly apart?: true;
}

export interface Scatter {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly families: readonly Family[];
  readonly xTimes?: number;
  readonly yTimes?: number;
  /** Draws the lines through this place, in data: the origin of a relative view. */
  readonly origin?: readonly [number, number];
}

const WIDTH = 760;
const HEIGHT = 420;

/** All that the axis must show: intervals count only as far as twice the spread of the means, which few seeds can exceed. */
function extent(values: readonly Estimate[], more: readonly number[]): number[] {
  const means = [...values.map(({ mean }) => mean), ...more];
  const low = Math.min(...means);
  const high = Math.max(...means);
  const room = (high - low) / 2;
  const clip = (v: number) => Math.min(high + room, Math.max(low - room, v));
  return [
    ...means,
    ...values.flatMap(({ mean, low: l, high: h }) => [clip(l ?? mean), clip(h ?? mean)]),
  ];
}

function cross({ x, y }: ScatterPoint, xs: Scale, ys: Scale, tx: number, ty: number): string {
  const at = (scale: Scale, value: number, times: number) =>
    scale.place(Math.min(scale.high, Math.max(scale.low, value * times)));
  const cx = at(xs, x.mean, tx);
  const cy = at(ys, y.mean, ty);
  return [
    x.low === null || x.high === null
      ? ''
      : rule(at(xs, x.low, tx), cy, at(xs, x.high, tx), cy, 'thin'),
    y.low === null || y.high === null
      ? ''
      : rule(cx, at(ys, y.low, ty), cx, at(ys, y.high, ty), 'thin'),
    `<circle class="disc" cx="${px(cx)}" cy="${px(cy)}" r="4.5"/>`,
  ].join('');
}

/** Names beside their points, moved down where they would lie on one another. */
function labels(
  points: readonly { readonly label: string; readonly x: number; readonly y: number }[],
  right: number,
): string[] {
  const taken: { left: number; right: number; y: number }[] = [];
  return [...points]
    .sort((a, b) => a.y - b.y)
    .map(({ label, x, y }) => {
      const wide = widthOf(label);
      const flipped = x + 10 + wide > right;
      const box = { left: flipped ? x - 10 - wide : x + 10, right: 0, y: y - 6 };
      box.right = box.left + wide;
      while (
        taken.some((o) => Math.abs(o.y - box.y) < 13 && o.left < box.right && box.left < o.right)
      ) {
        box.y += 3;
      }
      taken.push(box);
      return words(flipped ? x - 10 : x + 10, box.y, label, flipped ? 'name end' : 'name');
    });
}

/** Null where no family has a point. */
export function scatterFigure(name: string, caption: string, scatter: Scatter): Figure | null {
  const { title, xTimes = 1, yTimes = 1, origin } = scatter;
  const families = scatter.families.filter(({ points }) => points.length > 0);
  const all = families.flatMap(({ points }) => points);
  if (all.length === 0) return null;
  const legend = key(families, 16, 46, WIDTH - 32);
  const inner = { left: 60, right: WIDTH - 16, top: 56 + legend.height, bottom: HEIGHT - 44 };
  const xs = linearScale(
    extent(
      all.map((p) => p.x),
      origin ? [origin[0]] : [],
    ).map((v) => v * xTimes),
    inner.left,
    inner.right,
    { most: 6 },
  );
  const ys = linearScale(
    extent(
      all.map((p) => p.y),
      origin ? [origin[1]] : [],
    ).map((v) => v * yTimes),
    inner.bottom,
    inner.top,
    { most: 5 },
  );
  const placed = ({ x, y, label }: ScatterPoint) => ({
    label,
    x: xs.place(x.mean * xTimes),
    y: ys.place(y.mean * yTimes),
  });
  const parts = [
    words(16, 22, title, 'title'),
    ...legend.parts,
    ...ys.ticks.flatMap((tick) => [
      rule(inner.left, ys.place(tick), inner.right, ys.place(tick), 'grid'),
      words(inner.left - 6, ys.place(tick) + 4, tickText(ys, tick), 'tick end'),
    ]),
    ...xs.ticks.map((tick) =>
      words(xs.place(tick), inner.bottom + 16, tickText(xs, tick), 'tick middle'),
    ),
    rule(inner.left, inner.bottom, inner.right, inner.bottom, 'axis'),
    ...(origin
      ? [
          rule(
            xs.place(origin[0] * xTimes),
            inner.top,
            xs.place(origin[0] * xTimes),
            inner.bottom,
            'zero',
          ),
          rule(
            inner.left,
            ys.place(origin[1] * yTimes),
            inner.right,
            ys.place(origin[1] * yTimes),
            'zero',
          ),
        ]
      : []),
    words(inner.right, inner.bottom + 34, scatter.xTitle, 'tick end'),
    words(inner.left, inner.top - 8, scatter.yTitle, 'tick'),
    ...families.map(({ points, apart }, slot) => {
      const path = points.map((p) => `${px(placed(p).x)} ${px(placed(p).y)}`).join('L');
      const joined = points.length > 1 && !apart ? `<path class="curve" d="M${path}"/>` : '';
      const crosses = points.map((p) => cross(p, xs, ys, xTimes, yTimes)).join('');
      return `<g class="r${slot % SLOTS}">${joined}${crosses}</g>`;
    }),
    ...labels(all.map(placed), inner.right),
  ];
  const description = all
    .map(
      ({ label, x, y }) =>
        `${label}: ${(x.mean * xTimes).toPrecision(3)}, ${(y.mean * yTimes).toPrecision(3)}.`,
    )
    .join(' ');
  return { name, title, caption, svg: sheet(WIDTH, HEIGHT, title, description, parts) };
}
