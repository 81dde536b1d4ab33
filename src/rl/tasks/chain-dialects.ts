/**
 * The dialects of chains: ways to write the same additions. Public `3+8=11,11+5=16`, private `d+i=bb,bb+f=bg`, from the right
 * `5+8=13,13+3=16`, and leaps `3+8+5=16`, with two additions in one step.
 */
import type { Dialect } from './task.ts';

export type DialectId = 'public' | 'private' | 'reversed' | 'leaps';

export const DIALECTS: readonly (Dialect & { readonly id: DialectId })[] = [
  { id: 'public', label: 'Public', help: 'One addition a step, in digits, from the left.' },
  { id: 'private', label: 'Private', help: 'The same steps with the letters a to j for 0 to 9.' },
  { id: 'reversed', label: 'From the right', help: 'One addition a step, from the last number.' },
  { id: 'leaps', label: 'Leaps', help: 'Two additions in one step wherever two are left.' },
];

const LETTERS = 'abcdefghij';

/** A step's text with letters for its digits. */
export function inLetters(text: string): string {
  return text.replace(/\d/g, (digit) => LETTERS[Number(digit)]);
}

/** The inverse of `inLetters`. */
export function inDigits(text: string): string {
  return text.replace(/[a-j]/g, (letter) => `${LETTERS.indexOf(letter)}`);
}
