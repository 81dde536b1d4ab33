/**
 * Expert answers to stories, in two styles. Terse: `12+5=17,17-3=14`. Wordy: the same steps with words around them, some said
 * twice and some checked, `ann has 12, ann buys 5 so 12+5=17, check 17-5=12, then 17-3=14, so bob has 14`. A policy that learned
 * both has something to shorten.
 */
import type { RandomStream } from '../random.ts';
import { CHATTER_LEVELS, fillers } from './chatter.ts';
import type { TraceOptions } from './task.ts';
import { amountOf, applied, type Operation, type Story, type StoryStep } from './word-story.ts';

/** How often a wordy trace restates the first amount, and how often it checks a step. */
const RESTATES = 0.5;
const CHECKS = 0.25;
const INVERSE: Readonly<Record<Operation, Operation>> = { '+': '-', '-': '+', '*': '/', '/': '*' };

/** The steps as they are written: right except for slips. */
interface WrittenStep extends StoryStep {
  readonly slipped: boolean;
}

export function traceOf(story: Story, random: RandomStream, options: TraceOptions): string {
  const { style = 'terse', slips = 0, operands = 'any', chatter = 0 } = options;
  const wordy = style === 'wordy' || (style === 'mixed' && random.below(2) === 0);
  const steps = carelessly(story, random, slips);
  const written = (step: StoryStep) => stepText(step, operands === 'larger-first');
  if (!wordy) return chattering(steps.map(written), random, chatter).join(',');
  const { name, amount } = story.opening;
  const pieces = random.uniform() < RESTATES ? [`${name} has ${amount}`] : [];
  for (const step of steps) {
    const words = random.pick(['', 'then ', `${step.words} so `]);
    pieces.push(words + written(step));
    // A check would find the slip, so slips are never checked.
    if (!step.slipped && random.uniform() < CHECKS) pieces.push(`check ${written(undone(step))}`);
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

/** The story's steps with a result now and then off by one or by ten, where the story can still go on from there. */
function carelessly({ opening, steps }: Story, random: RandomStream, slips: number): WrittenStep[] {
  let from = opening.amount;
  return steps.map((step, i) => {
    const right = applied(from, step.operation, step.by) ?? step.to;
    let to = right;
    if (slips > 0 && random.uniform() < slips) {
      const off = right + random.pick([1, 10, -1, -10]);
      if (off >= 1 && goesOn(off, steps.slice(i + 1))) to = off;
    }
    const written = { ...step, from, to, slipped: to !== right };
    from = to;
    return written;
  });
}

function goesOn(amount: number, rest: readonly StoryStep[]): boolean {
  let running: number | null = amount;
  for (const { operation, by } of rest) {
    running = running === null ? null : applied(running, operation, by);
  }
  return running !== null;
}
