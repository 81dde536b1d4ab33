/** A vertical or horizontal scale: what it spans, where its lines stand, and how a number on it is written. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  readonly label: (value: number) => string;
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
  return { low: ticks[0], high: ticks[ticks.length - 1], ticks, label: tickLabel(step) };
}

/** Decades around a positive range, with 2 and 5 between them where there are fewer than two decades. */
export function logScale(low: number, high: number, most = 5): Scale {
  const usable = Number.isFinite(low) && Number.isFinite(high) && low > 0 && high >= low;
  const [from, to] = usable ? [low, high] : [1, 10];
  const decades = [Math.floor(Math.log10(from) + 1e-9), Math.ceil(Math.log10(to) - 1e-9)];
  if (decades[0] === decades[1]) decades[1] += 1;
  const span = decades[1] - decades[0];
  const stride = Math.ceil(span / (most - 1));
  const ticks: number[] = [];
  for (let power = decades[0]; power <= decades[1]; power += stride) {
    ticks.push(clean(10 ** power));
    if (span === 1 && power < decades[1])
      ticks.push(clean(2 * 10 ** power), clean(5 * 10 ** power));
  }
  return { low: 10 ** decades[0], high: 10 ** decades[1], ticks, label: compact };
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
  if (power < -4) return (value) => (value === 0 ? '0' : exponent(value, 1));
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
  if (size < 5e-3) return size < 1e-4 ? exponent(value, 1) : plain(value, 4);
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
