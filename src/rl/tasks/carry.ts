/** A misconception about sums, for every task that adds: each place is added by itself, and carries are lost. */
import type { Misconception } from './task.ts';

export const CARRY: Misconception = { id: 'carry', said: 'forgets every carry, as in 58+17=65' };

/** The sum of whole numbers without its carries: 7+5=2, 58+17=65. */
export function sumWithoutCarry(numbers: readonly number[]): number {
  let sum = 0;
  for (let place = 1; numbers.some((n) => n >= place); place *= 10) {
    const digits = numbers.map((n) => Math.floor(n / place) % 10);
    sum += place * (digits.reduce((a, b) => a + b, 0) % 10);
  }
  return sum;
}
