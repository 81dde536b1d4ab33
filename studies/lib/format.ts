/** Numbers as the reports print them. */
import type { Estimate } from '../../src/rl/over-seeds.ts';

const MINUS = '−';

/** A fixed number of decimals with a true minus sign, and no minus zero. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  const zero = Number(text) === 0;
  return text.startsWith('-') ? (zero ? text.slice(1) : MINUS + text.slice(1)) : text;
}

export type Show = (value: number) => string;

/** A share as per cent, without the sign. */
export const percent: Show = (value) => fixed(100 * value, 1);
/** A difference of shares in points, with its sign. */
export const pointsOf: Show = (value) => signed(100 * value, 1);
export const tokens: Show = (value) => fixed(value, 1);
export const ratio: Show = (value) => fixed(value, 2);
export const plain: Show = (value) => fixed(value, 3);

export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return Number(value.toFixed(decimals)) > 0 ? `+${text}` : text;
}

/** `12.3 points (11.0 to 13.6)`; without an interval where one seed has none. */
export function withInterval(value: Estimate | undefined, show: Show, unit = ''): string {
  if (!value) return 'not measured';
  const { mean, low, high } = value;
  const text = unit ? `${show(mean)} ${unit}` : show(mean);
  return low === null || high === null
    ? `${text} (no interval)`
    : `${text} (${show(low)} to ${show(high)})`;
}
