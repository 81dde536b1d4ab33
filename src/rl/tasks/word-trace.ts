/**
 * Expert answers to stories, in two styles. Terse: `12+5=17,17-3=14`. Wordy: the same steps with words around them, some said
 * twice and some checked, `ann has 12, ann buys 5 so 12+5=17, check 17-5=12, then 17-3=14, so bob has 14`. A policy that learned
 * both has something to shorten.
 */
import type { RandomStream } from '../random.ts';
import { CHATTER_LEVELS, fillers } from './chatter.ts';
import type { TraceOptions } from './task.ts';
import { reckoned } from './word-mistakes.ts';
import { amountOf, type Operation, type Story, type StoryStep } from './word-story.ts';

/** How often a wordy trace restates the first amount, and how often it checks a step. */
const RESTATES = 0.5;
const CHECKS = 0.25;
const INVERSE: Readonly<Record<Operation, Operation>> = { '+': '-', '-': '+', '*': '/', '/': '*' };

export function traceOf(story: Story, random: RandomStream, options: TraceOptions): string {
  const { style = 'terse', operands = 'any', chatter = 0 } = options;
  const wordy = style === 'wordy' || (style === 'mixed' && random.below(2) === 0);
  const steps = reckoned(story, random, options);
  const written = (step: StoryStep) => stepText(step, operands === 'larger-first');
  if (!wordy) return chattering(steps.map(written), random, chatter).join(',');
  const { name, amount } = story.opening;
  const pieces = random.uniform() < RESTATES ? [`${name} has ${amount}`] : [];
  for (const step of steps) {
    const words = random.pick(['', 'then ', `${step.words} so `]);
    pieces.push(words + written(step));
    // A check would find most mistakes, so none is ever checked.
    if (!step.mistaken && random.uniform() < CHECKS) pieces.push(`check ${written(undone(step))}`);
  }
  return [...pieces, `so ${story.holder} has ${amountOf({ ...story, steps })}`].join(', ');
}

/** Steps with chatter before, between and after them. A check ends with the last step, so the answer stays the last number. */
function chattering(steps: readonly string[], random: RandomStream, chatter: number): string[] {
  if (chatter === 0) return [...steps];
  const level = CHATTER_LEVELS[random.below(chatter + 1)];
  const pieces = steps.flatMap((step) => {
    const said = fillers(random, level.fillers) + step;
    return random.uniform() < level.restates ? [said, `again ${step}`] : [said];
  });
  if (random.uniform() < level.checks) pieces.push(`check ${steps[0]}`, ...steps.slice(1));
  return pieces;
}

/** `12+5=17`. */
function stepText({ operation, from, by, to }: StoryStep, largerFirst: boolean): string {
  const turns = largerFirst && by > from && (operation === '+' || operation === '*');
  return turns ? `${by}${operation}${from}=${to}` : `${from}${operation}${by}=${to}`;
}

/** The inverse step. */
function undone({ operation, from, by, to, words }: StoryStep): StoryStep {
  return { operation: INVERSE[operation], from: to, by, to: from, words };
}
