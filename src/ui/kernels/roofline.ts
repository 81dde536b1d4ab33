/** Places on a roofline plot: operations a second against operations a byte, both logarithmic. Shares of the plot's sides. */
import type { Ceilings } from '../../lab/kernel-lab/protocol.ts';

export interface RoofPoint {
  readonly id: string;
  readonly gflops: number;
  readonly intensity: number;
}

export interface Roof {
  /** 0 is the left edge. */
  readonly x: (intensity: number) => number;
  /** 0 is the top. */
  readonly y: (gflops: number) => number;
  readonly ticksX: readonly number[];
  readonly ticksY: readonly number[];
  /** Operations a byte where the slope meets the ceiling. */
  readonly ridge: number;
  /** Operations a byte at the left edge. */
  readonly first: number;
}

/** What the adapter allows at an intensity. */
export function allowed({ gflops, gbs }: Ceilings, intensity: number): number {
  return Math.min(gflops, gbs * intensity);
}

function decades(low: number, high: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.ceil(low); power <= Math.floor(high); power++) ticks.push(10 ** power);
  return ticks;
}

/** Scales that hold the roof and all points. */
export function roofOf(ceilings: Ceilings, points: readonly RoofPoint[]): Roof {
  const inside = points.filter(({ gflops, intensity }) => gflops > 0 && intensity > 0);
  const ridge = ceilings.gflops / ceilings.gbs;
  const own = inside.map(({ intensity }) => intensity);
  const xs = [0.1, ridge * 4, ...own.map((at) => at * 1.3), ...own.map((at) => at / 1.3)].map(
    Math.log10,
  );
  const tops = [ceilings.gflops, ...inside.map(({ gflops }) => gflops)].map(Math.log10);
  const bottoms = [...inside.map(({ gflops }) => gflops), ceilings.gbs * 0.1].map(Math.log10);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...bottoms) - 0.15, Math.max(...tops) + 0.25];
  return {
    x: (intensity) => (Math.log10(intensity) - left) / (right - left),
    y: (gflops) => (top - Math.log10(gflops)) / (top - bottom),
    ticksX: decades(left, right),
    ticksY: decades(bottom, top),
    ridge,
    first: 10 ** left,
  };
}

/** Shortly written: 0.1, 24, 1,940. */
export function shortly(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-GB');
  return String(Number(value.toPrecision(2)));
}
