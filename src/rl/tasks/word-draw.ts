/** Draws the stories of the task `word`: first a calculation, then words for it. */
import type { RandomStream } from '../random.ts';
import {
  applied,
  EACH,
  GAINS,
  ITEMS,
  LOSSES,
  looksBack,
  NAMES,
  type Operation,
} from './word-story.ts';

/** A calculation: an amount, and what is done to it. */
export interface Reckoning {
  readonly amount: number;
  readonly steps: readonly { readonly operation: Operation; readonly by: number }[];
}

export interface Size {
  readonly steps: number;
  /** The largest number in the story. */
  readonly largest: number;
}

/** The most kids that share, and the largest factor. */
const LARGEST_FACTOR = 9;
/** No amount on the way is above this many times the largest number in the story, so that products do not run away. */
const LARGEST_RATIO = 5;
/** After kids have shared, each of them only gains and loses. */
const OPERATIONS: readonly Operation[] = ['+', '-', '*', '/'];
const AFTER_SHARING: readonly Operation[] = ['+', '-'];

/** A calculation of this size. All amounts are whole and at least 1, every number in the story is at least 2. */
export function drawReckoning(random: RandomStream, size: Size): Reckoning {
  // A try fails where nothing exact or small enough can follow. A few tries are nearly always enough.
  for (;;) {
    const reckoning = tryReckoning(random, size);
    if (reckoning !== null) return reckoning;
  }
}

function tryReckoning(random: RandomStream, { steps, largest }: Size): Reckoning | null {
  const between2And = (most: number) => 2 + random.below(most - 1);
  const amount = between2And(largest);
  const drawn: Reckoning['steps'][number][] = [];
  let running = amount;
  for (let i = 0; i < steps; i++) {
    const shared = drawn.some(({ operation }) => operation === '/');
    const operation = random.pick(shared ? AFTER_SHARING : OPERATIONS);
    const by =
      operation === '/'
        ? divisor(random, running, largest)
        : between2And(operation === '*' ? Math.min(LARGEST_FACTOR, largest) : largest);
    const to = by === null ? null : applied(running, operation, by);
    if (by === null || to === null || to > LARGEST_RATIO * largest) return null;
    drawn.push({ operation, by });
    running = to;
  }
  return { amount, steps: drawn };
}

/** A number of kids that can share this equally, with at least 2 for each. */
function divisor(random: RandomStream, amount: number, largest: number): number | null {
  const divisors = Array.from({ length: LARGEST_FACTOR - 1 }, (_, i) => i + 2).filter(
    (d) => d <= largest && amount % d === 0 && amount / d >= 2,
  );
  return divisors.length > 0 ? random.pick(divisors) : null;
}

/** Puts a calculation into words. @param aside a number for one irrelevant sentence; null for none */
export function tell(random: RandomStream, { amount, steps }: Reckoning, aside: number | null) {
  const names = random.shuffle(NAMES);
  const items = random.shuffle(ITEMS);
  const nextName = () => names.pop() ?? EACH;
  let holder = nextName();
  const inBags = steps[0]?.operation === '*' && random.below(2) === 0;
  const sentences = [
    `${holder} has ${inBags ? `${steps[0].by} bags of ` : ''}${amount} ${items[0]}`,
  ];
  for (const { operation, by } of inBags ? steps.slice(1) : steps) {
    // Gains and losses of the holder are three times as frequent as comparisons, which need an unused name.
    const compares = holder !== EACH && random.below(4) === 0;
    if (operation === '/') {
      sentences.push(`${by} kids share them`);
      holder = EACH;
    } else if (operation === '*' || compares) {
      holder = nextName();
      const words = { '+': 'more', '-': 'fewer', '*': 'times as many' }[operation];
      sentences.push(`${holder} has ${by} ${words}`);
    } else {
      sentences.push(`${holder} ${random.pick(operation === '+' ? GAINS : LOSSES)} ${by}`);
    }
  }
  if (aside !== null) {
    const what = random.below(2) === 0 ? `has ${aside} ${items[1]}` : `is ${aside} years old`;
    sentences.splice(random.pick(placesForAside(sentences)), 0, `${nextName()} ${what}`);
  }
  return `${sentences.join('. ')}. how many has ${holder}?`;
}

/** Anywhere except before a sentence that refers to the one before it: `bob has 3 more`, `3 kids share them`. */
function placesForAside(sentences: readonly string[]): number[] {
  return Array.from({ length: sentences.length }, (_, i) => i + 1).filter(
    (i) => i === sentences.length || !looksBack(sentences[i]),
  );
}
