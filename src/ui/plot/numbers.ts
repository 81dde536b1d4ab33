/** How numbers are written on axes and beside charts. */

const MINUS = '−';

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

/** 2.1e−6, with a true minus. */
export function exponent(value: number, decimals: number): string {
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
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2).replace('-', MINUS);
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
