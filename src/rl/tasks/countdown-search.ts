/**
 * What can be made of a few numbers with + - * /, each used once: reachable targets, all solutions, and random tries.
 *
 * Intermediate results are never negative. That loses nothing: where a positive target is reachable through negative results,
 * swapping the operands of those differences reaches it without them.
 */
import type { RandomStream } from '../random.ts';
import { atLeast, combine, OPERATORS, type Operator, type Ratio, whole, write } from './ratio.ts';

/** The rules of a form of the game. */
export interface Rules {
  /** Whether intermediate results may be fractions. */
  readonly fractions: boolean;
  readonly minTarget: number;
  readonly maxTarget: number;
}

/** How steps with + and * are written: either way round, or the larger operand first. */
export type Operands = 'any' | 'larger-first';

/** a op b by the rules, or null. */
function legal(op: Operator, a: Ratio, b: Ratio, rules: Rules): Ratio | null {
  const result = combine(op, a, b);
  return result !== null && (rules.fractions || result.d === 1) ? result : null;
}

function without<T>(items: readonly T[], i: number, j: number): T[] {
  return items.filter((_, k) => k !== i && k !== j);
}

/** The targets within the rules that can be reached with all the numbers, ascending. */
export function reachableTargets(numbers: readonly number[], rules: Rules): number[] {
  return reachableFrom(numbers.map(whole), rules);
}

/** The same from what is held on the way. */
export function reachableFrom(start: readonly Ratio[], rules: Rules): number[] {
  const found = new Set<number>();
  const walk = (held: readonly Ratio[]): void => {
    if (held.length === 1) {
      const { n, d } = held[0];
      if (d === 1 && n >= rules.minTarget && n <= rules.maxTarget) found.add(n);
      return;
    }
    for (let i = 0; i < held.length; i++) {
      for (let j = 0; j < held.length; j++) {
        if (i === j) continue;
        const rest = without(held, i, j);
        for (const op of OPERATORS) {
          // For the two operations that commute, one order of the operands is enough.
          if (j < i && (op === '+' || op === '*')) continue;
          const result = legal(op, held[i], held[j], rules);
          if (result !== null) walk([...rest, result]);
        }
      }
    }
  };
  walk(start);
  return [...found].sort((a, b) => a - b);
}

function writable(op: Operator, a: Ratio, b: Ratio, operands: Operands): boolean {
  return operands === 'any' || op === '-' || op === '/' || atLeast(a, b);
}

/**
 * Every solution within the rules' targets, as its written steps (`3*7=21,21+5=26`), by target. Each text appears once,
 * however many ways lead to it, in an order that depends on the order of `numbers` only.
 */
export function allSolutions(
  numbers: readonly number[],
  rules: Rules,
  operands: Operands,
): ReadonlyMap<number, readonly string[]> {
  const byTarget = new Map<number, Set<string>>();
  const walk = (held: readonly Ratio[], written: string): void => {
    if (held.length === 1) {
      const { n, d } = held[0];
      if (d !== 1 || n < rules.minTarget || n > rules.maxTarget) return;
      const texts = byTarget.get(n) ?? new Set<string>();
      byTarget.set(n, texts.add(written));
      return;
    }
    for (let i = 0; i < held.length; i++) {
      for (let j = 0; j < held.length; j++) {
        if (i === j) continue;
        const rest = without(held, i, j);
        for (const op of OPERATORS) {
          if (!writable(op, held[i], held[j], operands)) continue;
          const result = legal(op, held[i], held[j], rules);
          if (result === null) continue;
          const step = `${write(held[i])}${op}${write(held[j])}=${write(result)}`;
          walk([...rest, result], written === '' ? step : `${written},${step}`);
        }
      }
    }
  };
  walk(numbers.map(whole), '');
  return new Map([...byTarget].map(([target, texts]) => [target, [...texts]]));
}

/** Steps drawn at random until one number is left: always right arithmetic by the rules, wherever it ends. */
export function randomTry(
  numbers: readonly number[],
  rules: Rules,
  operands: Operands,
  random: RandomStream,
): { readonly text: string; readonly end: Ratio } {
  let held = numbers.map(whole);
  const steps: string[] = [];
  while (held.length > 1) {
    const i = random.below(held.length);
    const j = (i + 1 + random.below(held.length - 1)) % held.length;
    const op = random.pick(OPERATORS);
    // A sum is always allowed in one order of its operands, so this ends.
    if (!writable(op, held[i], held[j], operands)) continue;
    const result = legal(op, held[i], held[j], rules);
    if (result === null) continue;
    steps.push(`${write(held[i])}${op}${write(held[j])}=${write(result)}`);
    held = [...without(held, i, j), result];
  }
  return { text: steps.join(','), end: held[0] };
}
