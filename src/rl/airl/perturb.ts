/**
 * Perturbed experts: an expert’s trace with one small fault, which stays with its own question. The discriminator then cannot win by style alone.
 *
 * Source: AIRL for reasoning: one operator flipped, the last number off by one, digits changed; a dropped step is the fourth.
 */
import type { RandomStream } from '../random.ts';

export type Perturbation = 'operator' | 'last' | 'digit' | 'step';

export const PERTURBATIONS: readonly Perturbation[] = ['operator', 'last', 'digit', 'step'];

export interface Perturbed {
  readonly text: string;
  readonly kind: Perturbation;
}

/**
 * One fault of a kind that is drawn among those that the trace allows.
 * @param boundaries offsets just after each step, rising (`Task.stepBoundaries`)
 * @param kinds those to draw from
 * @returns another text that is not empty; null where no kind gives one
 */
export function perturb(
  text: string,
  boundaries: readonly number[],
  random: RandomStream,
  kinds: readonly Perturbation[] = PERTURBATIONS,
): Perturbed | null {
  for (const kind of random.shuffle(kinds)) {
    const made = MAKERS[kind](text, random, boundaries);
    if (made !== null && made !== '' && made !== text) return { text: made, kind };
  }
  return null;
}

type Maker = (text: string, random: RandomStream, boundaries: readonly number[]) => string | null;

const MAKERS: Readonly<Record<Perturbation, Maker>> = {
  operator: flipOperator,
  last: moveLast,
  digit: changeDigit,
  step: dropStep,
};

const FLIPPED: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*' };
/** Between two numbers; a sign before a number is none. */
const OPERATOR = /(?<=[\d)])[-+*/](?=[\d(])/g;
/** Up to 15 digits, so that one more or less is exact. */
const NUMBER = /\d{1,15}/g;

function flipOperator(text: string, random: RandomStream): string | null {
  const places = [...text.matchAll(OPERATOR)];
  if (places.length === 0) return null;
  const { 0: sign, index } = random.pick(places);
  return replaced(text, index, index + 1, FLIPPED[sign]);
}

/** One more or one less; never below 0. */
function moveLast(text: string, random: RandomStream): string | null {
  const last = [...text.matchAll(NUMBER)].at(-1);
  if (!last) return null;
  const value = Number(last[0]);
  const moved = value === 0 || random.below(2) === 0 ? value + 1 : value - 1;
  return replaced(text, last.index, last.index + last[0].length, `${moved}`);
}

/** Another digit in one place. A number of several digits does not begin with 0. */
function changeDigit(text: string, random: RandomStream): string | null {
  const numbers = [...text.matchAll(NUMBER)];
  if (numbers.length === 0) return null;
  const number = random.pick(numbers);
  const [digits] = number;
  const at = random.below(digits.length);
  const least = at === 0 && digits.length > 1 ? 1 : 0;
  const others = '0123456789'.slice(least).replace(digits[at], '');
  const place = number.index + at;
  return replaced(text, place, place + 1, random.pick([...others]));
}

/** Takes out one step but the last. What stands before and after the gap keeps one separator. */
function dropStep(
  text: string,
  random: RandomStream,
  boundaries: readonly number[],
): string | null {
  if (boundaries.length < 2) return null;
  const step = random.below(boundaries.length - 1);
  const [from, to] = [step === 0 ? 0 : boundaries[step - 1], boundaries[step]];
  return step === 0 ? text.slice(to) : replaced(text, from - 1, to - 1, '');
}

function replaced(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}
