/** Axes: round ticks and the place of a number on the paper. */
import { fixed } from '../format.ts';

export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Decimals that its ticks need. */
  readonly decimals: number;
  /** Pixels of a value. */
  readonly place: (value: number) => number;
}

/** The step of 1, 2 or 5 times a power of ten that gives at most `most` intervals. */
function tickStep(span: number, most: number): number {
  const rough = span / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((times) => times * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/**
 * A linear scale over the values, from `from` to `to` pixels.
 * @param tight leaves the ends where the values are; otherwise they go on to the next tick
 */
export function linearScale(
  values: readonly number[],
  from: number,
  to: number,
  { most = 4, tight = false }: { readonly most?: number; readonly tight?: boolean } = {},
): Scale {
  const finite = values.filter(Number.isFinite);
  let low = finite.length > 0 ? Math.min(...finite) : 0;
  let high = finite.length > 0 ? Math.max(...finite) : 1;
  if (high - low < 1e-9) {
    const room = Math.abs(low) > 1e-9 ? Math.abs(low) * 0.1 : 0.5;
    low -= room;
    high += room;
  }
  const step = tickStep(high - low, most);
  const first = tight ? Math.ceil(low / step - 1e-9) : Math.floor(low / step + 1e-9);
  const last = tight ? Math.floor(high / step + 1e-9) : Math.ceil(high / step - 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toFixed(decimals)),
  );
  if (!tight) {
    low = ticks[0];
    high = ticks[ticks.length - 1];
  }
  return {
    low,
    high,
    ticks,
    decimals,
    place: (value) => from + ((value - low) / (high - low)) * (to - from),
  };
}

/** Powers of two from 1 to the largest k, for curves against k. */
export function log2Scale(largest: number, from: number, to: number): Scale {
  const high = Math.max(2, largest);
  const ticks = Array.from({ length: Math.floor(Math.log2(high)) + 1 }, (_, i) => 2 ** i);
  return {
    low: 1,
    high,
    ticks,
    decimals: 0,
    place: (value) => from + (Math.log2(value) / Math.log2(high)) * (to - from),
  };
}

/** A tick as text; 0 is 0, whatever the others need. */
export function tickText({ decimals }: Scale, value: number): string {
  return value === 0 ? '0' : fixed(value, decimals);
}
