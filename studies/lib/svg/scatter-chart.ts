/** Two numbers of each arm against each other, with the intervals of both; arms of one family are joined. */

import type { Estimate } from '../../../src/rl/over-seeds.ts';
import { type Frame, linePath, pixelX, pixelY } from '../../../src/ui/plot/frame.ts';
import { placeLabels } from '../../../src/ui/plot/place-labels.ts';
import { linearScale, type Scale } from '../../../src/ui/plot/scale.ts';
import { axesText, placed, px, rule, words } from '../../../src/ui/plot/svg-text.ts';
import { type Figure, key, SLOTS, sheet, widthOf } from './figure.ts';

export interface ScatterPoint {
  /** Stands behind the family's name, unless its points are apart or one only. */
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

/** A point on its frame, in the axes' units; intervals end where the frame does. */
function cross({ x, y }: ScatterPoint, frame: Frame, tx: number, ty: number): string {
  const within = ({ low, high }: Scale, value: number) => Math.min(high, Math.max(low, value));
  const atX = (value: number) => pixelX(frame, within(frame.x, value * tx));
  const atY = (value: number) => pixelY(frame, within(frame.y, value * ty));
  const [cx, cy] = [atX(x.mean), atY(y.mean)];
  return [
    x.low === null || x.high === null ? '' : rule(atX(x.low), cy, atX(x.high), cy, 'thin'),
    y.low === null || y.high === null ? '' : rule(cx, atY(y.low), cx, atY(y.high), 'thin'),
    `<circle class="disc" cx="${px(cx)}" cy="${px(cy)}" r="4.5"/>`,
  ].join('');
}

/** Names beside their points, with a line to the point where one had to go away from it. */
function labels(
  points: readonly { readonly label: string; readonly x: number; readonly y: number }[],
  frame: Frame,
): string[] {
  const places = placeLabels(
    points.map(({ label, x, y }) => ({ x, y, width: widthOf(label) })),
    frame,
  );
  return places.flatMap(({ x, y, leader }, i) => [
    ...(leader ? [rule(leader.x1, leader.y1, leader.x2, leader.y2, 'zero')] : []),
    words(x, y + 4, points[i].label, 'name'),
  ]);
}

/** Null where no family has a point. */
export function scatterFigure(name: string, caption: string, scatter: Scatter): Figure | null {
  const { title, xTimes = 1, yTimes = 1, origin } = scatter;
  const families = scatter.families.filter(({ points }) => points.length > 0);
  const all = families.flatMap(({ points }) => points);
  if (all.length === 0) return null;
  const named = families.flatMap(({ name: family, points, apart }) =>
    points.map((point) =>
      points.length > 1 && !apart ? { ...point, label: `${family} ${point.label}` } : point,
    ),
  );
  const legend = key(families, 16, 46, WIDTH - 32);
  const [left, top] = [60, 56 + legend.height];
  const scaleOf = (values: readonly number[], most: number) =>
    linearScale(Math.min(...values), Math.max(...values), { most });
  const xs = all.map((p) => p.x);
  const ys = all.map((p) => p.y);
  const frame: Frame = {
    ...{ width: WIDTH - 16 - left, height: HEIGHT - 44 - top },
    x: scaleOf(
      extent(xs, origin ? [origin[0]] : []).map((v) => v * xTimes),
      8,
    ),
    y: scaleOf(
      extent(ys, origin ? [origin[1]] : []).map((v) => v * yTimes),
      7,
    ),
  };
  const { width, height } = frame;
  const placedAt = ({ x, y, label }: ScatterPoint) => ({
    label,
    x: pixelX(frame, x.mean * xTimes),
    y: pixelY(frame, y.mean * yTimes),
  });
  const [zeroX, zeroY] = origin
    ? [pixelX(frame, origin[0] * xTimes), pixelY(frame, origin[1] * yTimes)]
    : [0, 0];
  const marks = [
    ...axesText(frame),
    ...(origin
      ? [rule(zeroX, 0, zeroX, height, 'zero'), rule(0, zeroY, width, zeroY, 'zero')]
      : []),
    words(width, height + 34, scatter.xTitle, 'tick end'),
    words(0, -8, scatter.yTitle, 'tick'),
    ...families.map(({ points, apart }, slot) => {
      const path = linePath(
        points.map(placedAt),
        ({ x }) => x,
        ({ y }) => y,
      );
      const joined = points.length > 1 && !apart ? `<path class="curve" d="${path}"/>` : '';
      const crosses = points.map((p) => cross(p, frame, xTimes, yTimes)).join('');
      return `<g class="r${slot % SLOTS}">${joined}${crosses}</g>`;
    }),
    ...labels(named.map(placedAt), frame),
  ];
  const parts = [words(16, 22, title, 'title'), ...legend.parts, placed(left, top, marks)];
  const description = named
    .map(
      ({ label, x, y }) =>
        `${label}: ${(x.mean * xTimes).toPrecision(3)}, ${(y.mean * yTimes).toPrecision(3)}.`,
    )
    .join(' ');
  return { name, title, caption, svg: sheet(WIDTH, HEIGHT, title, description, parts) };
}
