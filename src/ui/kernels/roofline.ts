/** A roofline's frame: operations a second against operations a byte, both on log scales. */
import type { Ceilings } from '../../lab/kernel-lab/protocol.ts';
import type { Frame } from '../plot/frame.ts';
import { logScale } from '../plot/scale.ts';

export interface RoofPoint {
  readonly id: string;
  readonly gflops: number;
  readonly intensity: number;
}

/** What the adapter allows at an intensity. */
export function allowed({ gflops, gbs }: Ceilings, intensity: number): number {
  return Math.min(gflops, gbs * intensity);
}

/** Operations a byte where the slope meets the ceiling. */
export function ridgeOf({ gflops, gbs }: Ceilings): number {
  return gflops / gbs;
}

/** A frame that holds the roof and all points. */
export function roofFrame(
  ceilings: Ceilings,
  points: readonly RoofPoint[],
  size: Pick<Frame, 'width' | 'height'>,
): Frame {
  const speeds = points.map(({ gflops }) => gflops);
  const own = points.map(({ intensity }) => intensity);
  const x = logScale(
    Math.min(0.1, ...own.map((at) => at / 1.3)),
    Math.max(ridgeOf(ceilings) * 4, ...own.map((at) => at * 1.3)),
  );
  const low = Math.min(ceilings.gbs * 0.1, ...speeds) / 1.4;
  return { ...size, x, y: logScale(low, Math.max(ceilings.gflops, ...speeds) * 1.8) };
}

/** Shortly written: 0.1, 24, 1,940. */
export function shortly(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return String(Number(value.toPrecision(2)));
}
