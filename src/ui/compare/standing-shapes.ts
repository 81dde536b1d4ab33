/** Bars and places as shapes in pixels: the page draws them, and so does a figure that is saved. */
import { type Frame, pixelX, pixelY } from '../plot/frame.ts';
import { lettersWidth } from '../plot/names.ts';
import { placeLabels } from '../plot/place-labels.ts';
import { exactScale, linearScale } from '../plot/scale.ts';
import type { Metric } from '../stored/group-words.ts';
import { type Bar, frontOf, type Place, pointName } from './standing.ts';

type LineEnds = readonly [x1: number, y1: number, x2: number, y2: number];

export type Shape =
  | {
      readonly kind: 'bar';
      readonly key: string;
      readonly slot: number;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  /** An interval, or the line to a name that stands apart (slot 0). */
  | {
      readonly kind: 'line';
      readonly key: string;
      readonly slot: number;
      readonly ends: LineEnds;
    }
  | {
      readonly kind: 'mean' | 'seed';
      readonly key: string;
      readonly slot: number;
      readonly x: number;
      readonly y: number;
    }
  | { readonly kind: 'front'; readonly key: string; readonly path: string }
  | {
      readonly kind: 'name';
      readonly key: string;
      readonly x: number;
      readonly y: number;
      readonly middle: boolean;
      readonly text: string;
    };

/** A bar's share of its place, its most pixels, and pixels between two seeds. */
const BAR = 0.5;
const WIDEST = 72;
const SEED_STEP = 6;

const shareOf = ({ share }: Metric) => (share ? { within: [0, 1] as const } : {});

/** Bars stand on zero. @param width and height in pixels */
export function barFrame(
  bars: readonly Bar[],
  metric: Metric,
  width: number,
  height: number,
): Frame {
  const values = bars.flatMap(({ estimate: { mean, low, high }, values: seeds }) => [
    ...[mean, low ?? mean, high ?? mean],
    ...seeds.map(({ value }) => value),
  ]);
  return {
    ...{ width, height },
    x: { ...exactScale(0, Math.max(1, bars.length)), ticks: [] },
    y: linearScale(Math.min(0, ...values), Math.max(0, ...values), { most: 5, ...shareOf(metric) }),
  };
}

export function barShapes(frame: Frame, bars: readonly Bar[]): readonly Shape[] {
  const room = frame.width / Math.max(1, bars.length);
  const letters = Math.max(3, Math.floor(room / lettersWidth(1)) - 1);
  return bars.flatMap(({ row: { key, name }, slot, estimate: { mean, low, high }, values }, i) => {
    const middle = (i + 0.5) * room;
    const wide = Math.min(BAR * room, WIDEST);
    const [zero, top] = [pixelY(frame, 0), pixelY(frame, mean)];
    const beside = (n: number) => middle + (n - (values.length - 1) / 2) * SEED_STEP;
    return [
      {
        ...{ kind: 'bar', key, slot, x: middle - wide / 2, y: Math.min(zero, top) },
        ...{ width: wide, height: Math.abs(zero - top) },
      },
      ...(low === null || high === null
        ? []
        : [upright(`${key} interval`, slot, middle, pixelY(frame, low), pixelY(frame, high))]),
      ...values.map(({ seed, value }, n): Shape => {
        const at = { x: beside(n), y: pixelY(frame, value) };
        return { kind: 'seed', key: `${key} ${seed}`, slot, ...at };
      }),
      {
        ...{ kind: 'name', key: `${key} name`, x: middle, y: frame.height + 15, middle: true },
        text: name.length > letters ? `${name.slice(0, letters - 1)}…` : name,
      },
    ] satisfies Shape[];
  });
}

function upright(key: string, slot: number, x: number, from: number, to: number): Shape {
  return straight(key, slot, [x, from, x, to]);
}

function straight(key: string, slot: number, ends: LineEnds): Shape {
  return { kind: 'line', key, slot, ends };
}

export function placeFrame(
  places: readonly Place[],
  [x, y]: readonly [Metric, Metric],
  width: number,
  height: number,
): Frame {
  const range = (metric: Metric, of: (place: Place) => Place['x'], seed: 'x' | 'y') => {
    const values = places.flatMap((place) => {
      const { mean, low, high } = of(place);
      return [mean, low ?? mean, high ?? mean, ...place.seeds.map((one) => one[seed])];
    });
    return linearScale(Math.min(...values), Math.max(...values), { most: 5, ...shareOf(metric) });
  };
  return {
    ...{ width, height },
    x: range(x, (place) => place.x, 'x'),
    y: range(y, (place) => place.y, 'y'),
  };
}

export function placeShapes(frame: Frame, places: readonly Place[]): readonly Shape[] {
  const at = ({ x, y }: Place) => ({ x: pixelX(frame, x.mean), y: pixelY(frame, y.mean) });
  const labels = placeLabels(
    places.map((place) => ({ ...at(place), width: lettersWidth(pointName(place.row).length) })),
    frame,
  );
  const front = frontOf(places).map(at);
  const path = front.map(({ x, y }, i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`);
  return [
    ...(front.length > 1 ? [{ kind: 'front', key: 'front', path: path.join('') } as const] : []),
    ...places.flatMap((place, i): Shape[] => {
      const { row, slot, x, y, seeds } = place;
      const { x: left, y: top } = at(place);
      const { x: nameX, y: nameY, leader } = labels[i];
      const across =
        x.low === null || x.high === null
          ? []
          : [
              straight(`${row.key} x`, slot, [
                pixelX(frame, x.low),
                top,
                pixelX(frame, x.high),
                top,
              ]),
            ];
      const up =
        y.low === null || y.high === null
          ? []
          : [upright(`${row.key} y`, slot, left, pixelY(frame, y.low), pixelY(frame, y.high))];
      return [
        ...seeds.map(
          (one): Shape => ({
            ...{ kind: 'seed', key: `${row.key} ${one.seed}`, slot },
            ...{ x: pixelX(frame, one.x), y: pixelY(frame, one.y) },
          }),
        ),
        ...across,
        ...up,
        { kind: 'mean', key: row.key, slot, x: left, y: top },
        ...(leader
          ? [straight(`${row.key} leader`, 0, [leader.x1, leader.y1, leader.x2, leader.y2])]
          : []),
        {
          // Above the interval, which runs beside the mean.
          ...{ kind: 'name', key: `${row.key} name`, x: nameX, y: nameY - 4 },
          ...{ middle: false, text: pointName(row) },
        },
      ];
    }),
  ];
}
