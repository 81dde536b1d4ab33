/** A vertical or horizontal scale: what it spans, where its lines stand, and how a number on it is written. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
  /** What the labels are to be multiplied with, as text (`1e−3`), where all values are tiny. */
  readonly factor?: string;
}

const MINUS = '−';

/**
 * Round ticks (1, 2, 2.5 or 5 times a power of ten) around a range of values; the scale ends on ticks. At most
 * `most` lines. An empty or single-valued range gets some room.
 */
export function linearScale(low: number, high: number, most = 5): Scale {
  let from = low;
  let to = high;
  if (!Number.isFinite(from) || !Number.isFinite(to)) [from, to] = [0, 1];
  const room = Math.max(Math.abs(from), Math.abs(to)) * 1e-9;
  if (to - from <= room) {
    const pad = Math.abs(from) > 0 ? Math.abs(from) * 0.1 : 1;
    [from, to] = from >= 0 && from - pad < 0 ? [0, to + pad] : [from - pad, to + pad];
  }
  let step = roundStep((to - from) / Math.max(1, most - 1));
  while (Math.ceil(to / step - 1e-9) - Math.floor(from / step + 1e-9) > most - 1) {
    step = roundStep(step * 1.01);
  }
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => clean((first + i) * step));
  const ends = { low: ticks[0], high: ticks[ticks.length - 1], ticks };
  const size = Math.max(Math.abs(ends.low), Math.abs(ends.high));
  if (size >= 0.01) return { ...ends, label: tickLabel(step) };
  // Tiny values share a power of a thousand, so that labels stay short.
  const power = 3 * Math.floor(Math.log10(size) / 3 + 1e-9);
  const label = tickLabel(step / 10 ** power);
  return {
    ...ends,
    label: (value) => label(clean(value / 10 ** power)),
    factor: exponent(10 ** power, 0),
  };
}

/**
 * A log scale around a positive range that ends on 1, 2 or 5 times a power of ten. Lines stand on the decades where there
 * are at least two, else on the 1, 2, 5 between them; at most `most`.
 */
export function logScale(low: number, high: number, most = 5): Scale {
  const usable = Number.isFinite(low) && Number.isFinite(high) && low > 0 && high >= low;
  const [from, to] = usable ? [low, high] : [1, 10];
  let first = 3 * Math.floor(Math.log10(from)) - 1;
  while (rung(first + 1) <= from * (1 + 1e-9)) first += 1;
  let last = first + 1;
  while (rung(last) < to * (1 - 1e-9)) last += 1;
  const rungs = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const decades = rungs.filter((i) => i % 3 === 0);
  const lines = decades.length >= 2 && rungs.length > most ? decades : rungs;
  const stride = Math.ceil(lines.length / most);
  const ticks = lines.filter((_, i) => i % stride === 0).map(rung);
  return { low: rung(first), high: rung(last), ticks, label: compact };
}

/** The ladder 1, 2, 5, 10, 20, 50, ...: rung 0 is 1. */
function rung(i: number): number {
  const power = Math.floor(i / 3);
  return clean([1, 2, 5][i - 3 * power] * 10 ** power);
}

/**
 * Ticks of the horizontal axis: its two ends and round numbers between them that keep their distance from the ends.
 */
export function axisTicks(low: number, high: number, most = 4): readonly number[] {
  if (!(high > low)) return [low];
  const step = roundStep((high - low) / most);
  const between: number[] = [];
  for (let i = Math.ceil(low / step); i * step < high; i += 1) {
    const tick = clean(i * step);
    if (tick - low >= step * 0.6 && high - tick >= step * 0.6) between.push(tick);
  }
  return [low, ...between, high];
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is not below `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  for (const factor of [1, 2, 2.5, 5]) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

/** Takes away the dust of binary fractions: 0.30000000000000004 is 0.3. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Labels with as many decimals as the step needs; 0 is 0, thousands are k. */
function tickLabel(step: number): (value: number) => string {
  if (step >= 1000) return compact;
  const power = Math.floor(Math.log10(step) + 1e-9);
  const digits = Number(step.toPrecision(3)) / 10 ** power;
  const decimals = Math.max(0, -power + (Math.abs(digits - Math.round(digits)) > 1e-6 ? 1 : 0));
  return (value) => (value === 0 ? '0' : value.toFixed(decimals).replace('-', MINUS));
}

/** 1500 is 1.5k, 2000000 is 2M; small numbers plainly. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3) return exponent(value, 0);
  const [scaled, unit] =
    size >= 1e9
      ? [value / 1e9, 'G']
      : size >= 1e6
        ? [value / 1e6, 'M']
        : size >= 1e3
          ? [value / 1e3, 'k']
          : [value, ''];
  return `${Number(scaled.toPrecision(3))}${unit}`.replace('-', MINUS);
}

function exponent(value: number, decimals: number): string {
  return value.toExponential(decimals).replace('+', '').replaceAll('-', MINUS);
}

/** A reading with about three digits: 0.62, 39.1, 128, 2.1e−6, 0. */
export function reading(value: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-4) return exponent(value, 1);
  if (size < 0.1) return value.toPrecision(2).replace('-', MINUS);
  if (size >= 1e4) return compact(value);
  return plain(value, size >= 100 ? 0 : size >= 10 ? 1 : 2);
}

function plain(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', MINUS);
}

/** Seconds on a time axis: 45 s, 3:20, 1:02:05. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return whole === 0 ? '0' : `${whole} s`;
  const pad = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}
