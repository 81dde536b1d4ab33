/** Chatter of experts: words that say nothing, drawn independently of the question and of whether the answer is right. */
import type { RandomStream } from '../random.ts';

/** How much one trace chatters. */
export interface ChatterLevel {
  /** Fillers before a step, on average. */
  readonly fillers: number;
  /** Chance that a step is written twice. */
  readonly restates: number;
  /** Chance that the whole is gone through once more at the end. */
  readonly checks: number;
}

/** Level 0 is silent. An expert with chatter n draws a level from 0 to n for each trace, each as often. */
export const CHATTER_LEVELS: readonly ChatterLevel[] = [
  { fillers: 0, restates: 0, checks: 0 },
  { fillers: 1, restates: 0.1, checks: 0.3 },
  { fillers: 2, restates: 0.1, checks: 0.6 },
  { fillers: 4, restates: 0.1, checks: 0.9 },
];

export const MOST_CHATTER = CHATTER_LEVELS.length - 1;

/** Words that say nothing, or the question said again, which says nothing new but depends on what is asked. */
export type ChatterKind = 'filler' | 'question';

const FILLERS = ['so ', 'ok ', 'hm ', 'now ', 'well ', 'let me see ', 'go on ', 'wait '];

/** Fillers before one step: their number is binomial, of twice the average with a chance of one half. */
export function fillers(random: RandomStream, average: number): string {
  return Array.from({ length: countOf(random, average) }, () => random.pick(FILLERS)).join('');
}

/** The same chatter with the question in place of fillers, half as often, since it is longer. */
export function questions(random: RandomStream, average: number, question: string): string {
  return `${question} `.repeat(Math.ceil(countOf(random, average) / 2));
}

function countOf(random: RandomStream, average: number): number {
  let count = 0;
  for (let i = 0; i < 2 * average; i++) count += random.below(2);
  return count;
}
