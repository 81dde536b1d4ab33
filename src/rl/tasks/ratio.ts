/**
 * Exact non-negative rationals in plain numbers. Both parts stay below 10^7, so that a product of two parts is exact in a
 * double; A rational that is not whole is written `p|q`.
 */

/** n / d in lowest terms, d at least 1. */
export interface Ratio {
  readonly n: number;
  readonly d: number;
}

export type Operator = '+' | '-' | '*' | '/';

export const OPERATORS: readonly Operator[] = ['+', '-', '*', '/'];

/** The most digits a written part may have. */
export const MOST_DIGITS = 7;

const LIMIT = 10 ** MOST_DIGITS;

/** A whole number as a ratio. */
export function whole(n: number): Ratio {
  return { n, d: 1 };
}

function gcd(a: number, b: number): number {
  let x = a;
  let y = b;
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

function reduced(n: number, d: number): Ratio | null {
  if (n < 0 || d === 0) return null;
  const by = gcd(n, d);
  const result = { n: n / by, d: d / by };
  return result.n < LIMIT && result.d < LIMIT ? result : null;
}

/** a op b, exactly; null where it is negative, divides by zero, or has a part of more than 7 digits. */
export function combine(op: Operator, a: Ratio, b: Ratio): Ratio | null {
  switch (op) {
    case '+':
      return reduced(a.n * b.d + b.n * a.d, a.d * b.d);
    case '-':
      return reduced(a.n * b.d - b.n * a.d, a.d * b.d);
    case '*':
      return reduced(a.n * b.n, a.d * b.d);
    case '/':
      return reduced(a.n * b.d, a.d * b.n);
  }
}

export function equal(a: Ratio, b: Ratio): boolean {
  return a.n === b.n && a.d === b.d;
}

/** Whether a is at least b. */
export function atLeast(a: Ratio, b: Ratio): boolean {
  return a.n * b.d >= b.n * a.d;
}

/** `21`, or `7|2` where it is not whole. */
export function write(value: Ratio): string {
  return value.d === 1 ? `${value.n}` : `${value.n}|${value.d}`;
}

const PART = `(?:0|[1-9][0-9]{0,${MOST_DIGITS - 1}})`;

/** The form of one number, as the source of a regular expression without groups. Every match ends in bounded time. */
export const NUMBER_PATTERN = `${PART}(?:\\|${PART})?`;

/** The number that a text matched by `NUMBER_PATTERN` writes; null unless it is in lowest terms, and not a whole number written as a fraction. */
export function read(text: string): Ratio | null {
  const bar = text.indexOf('|');
  if (bar < 0) return whole(Number(text));
  const n = Number(text.slice(0, bar));
  const d = Number(text.slice(bar + 1));
  return d >= 2 && gcd(n, d) === 1 ? { n, d } : null;
}
