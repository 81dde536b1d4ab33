/** Draws the stories of the task `word`: what is reckoned first, and then words for it. */
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

/** What is reckoned: an amount, and what is done to it. */
export interface Reckoning {
  readonly amount: number;
  readonly steps: readonly { readonly operation: Operation; readonly by: number }[];
}

export interface Size {
  readonly steps: number;
  /** The largest number that is told. */
  readonly largest: number;
}

/** Nobody shares with more, or has more times as many. */
const LARGEST_FACTOR = 9;
/** No amount on the way is above this many times the largest number told, so that products do not run away. */
const LARGEST_RATIO = 5;
/** Once kids have shared, each only gains and loses. */
const OPERATIONS: readonly Operation[] = ['+', '-', '*', '/'];
const AFTER_SHARING: readonly Operation[] = ['+', '-'];

/** A reckoning of this size whose amounts are all whole and 1 at least; every number told is 2 at least. */
export function drawReckoning(random: RandomStream, size: Size): Reckoning {
  // Each try fails where nothing exact or small enough can follow, which is seldom for long.
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

/** A number of kids that can share this equally, with 2 at least for each. */
function divisor(random: RandomStream, amount: number, largest: number): number | null {
  const divisors = Array.from({ length: LARGEST_FACTOR - 1 }, (_, i) => i + 2).filter(
    (d) => d <= largest && amount % d === 0 && amount / d >= 2,
  );
  return divisors.length > 0 ? random.pick(divisors) : null;
}

/** Tells a reckoning. @param aside a number for one sentence that has nothing to do with it; null for none */
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
    // The holder's own gain or loss three times as often as a comparison, which needs a name that was not used.
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

/** Anywhere but where the sentence after it looks back at the one before: `bob has 3 more`, `3 kids share them`. */
function placesForAside(sentences: readonly string[]): number[] {
  return Array.from({ length: sentences.length }, (_, i) => i + 1).filter(
    (i) => i === sentences.length || !looksBack(sentences[i]),
  );
}
