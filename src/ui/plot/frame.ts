/** A plot's inside: its size in CSS pixels, a scale along either side, and the paths that lie in it (over d3-shape). */
import { area, line } from 'd3-shape';
import type { Scale } from './scale.ts';

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** A place in data. What has no finite place leaves a gap in a line. */
export interface Point {
  readonly x: number;
  readonly y: number | null;
}

/** An interval at a place. */
export interface BandPoint {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

/** Pixels from the left edge. */
export function pixelX({ x, width }: Pick<Frame, 'x' | 'width'>, value: number): number {
  return x.share(value) * width;
}

/** Pixels from the top edge. */
export function pixelY({ y, height }: Pick<Frame, 'y' | 'height'>, value: number): number {
  return (1 - y.share(value)) * height;
}

/** The value under a pixel from the left edge. */
export function atPixel({ x, width }: Pick<Frame, 'x' | 'width'>, pixel: number): number {
  return x.value(pixel / width);
}

/** A pixel on which a line of one pixel is sharp. */
export function crisp(pixel: number): number {
  return Math.round(pixel * 2) / 2;
}

/** A line through places in pixels, to a tenth; a place that is not finite leaves a gap. */
export function linePath<T>(
  points: readonly T[],
  x: (point: T) => number,
  y: (point: T) => number,
): string {
  const path = line<T>()
    .defined((point) => Number.isFinite(x(point)) && Number.isFinite(y(point)))
    .x(x)
    .y(y)
    .digits(1);
  return path(points) ?? '';
}

/** The field between two lines as a closed shape, in pixels to a tenth; fewer than two places have none. */
export function bandPath<T>(
  points: readonly T[],
  x: (point: T) => number,
  low: (point: T) => number,
  high: (point: T) => number,
): string {
  if (points.length < 2) return '';
  const path = area<T>()
    .defined((point) => [x(point), low(point), high(point)].every(Number.isFinite))
    .x(x)
    .y0(low)
    .y1(high)
    .digits(1);
  return path(points) ?? '';
}

/** Points of a frame as a line. */
export function frameLine(frame: Frame, points: readonly Point[]): string {
  return linePath(
    points,
    ({ x }) => pixelX(frame, x),
    ({ y }) => (y === null ? Number.NaN : pixelY(frame, y)),
  );
}

/** Intervals of a frame as a band. */
export function frameBand(frame: Frame, points: readonly BandPoint[]): string {
  return bandPath(
    points,
    ({ x }) => pixelX(frame, x),
    ({ low }) => pixelY(frame, low),
    ({ high }) => pixelY(frame, high),
  );
}
