/**
 * Stories as a careless or mistaken expert reckons them: results off by a slip, and misconceptions. What comes after goes on from there, and
 * a mistake is left out where the story could not go on from it.
 */
import type { RandomStream } from '../random.ts';
import { CARRY, sumWithoutCarry } from './carry.ts';
import type { Misconception, TraceOptions } from './task.ts';
import { applied, countsOthers, type Operation, type Story, type StoryStep } from './word-story.ts';

export const WORD_MISCONCEPTIONS: readonly Misconception[] = [
  CARRY,
  { id: 'order', said: 'multiplies and shares before it adds and takes away, whatever came first' },
  { id: 'unit', said: 'takes bags and kids for things: it adds bags, and takes away kids' },
];

/** A step as it is written. */
export interface WrittenStep extends StoryStep {
  /** Whether something is wrong with it. */
  readonly mistaken: boolean;
}

/** Takes numbers from the stream only for mistakes that are asked for. */
export function reckoned({ opening, steps }: Story, random: RandomStream, options: TraceOptions) {
  const { slips = 0, misconceptions = {} } = options;
  const happens = (chance = 0) => chance > 0 && random.uniform() < chance;
  const written: WrittenStep[] = [];
  while (written.length < steps.length) {
    const [step, next] = steps.slice(written.length);
    const from = written.at(-1)?.to ?? opening.amount;
    const rest = steps.slice(written.length + 1);
    const turned = happens(misconceptions.order) ? productFirst(from, step, next) : null;
    if (turned !== null && goesOn(turned[1].to, rest.slice(1))) {
      written.push(...turned);
      continue;
    }
    const { by } = step;
    let { operation } = step;
    let to = applied(from, operation, by) ?? step.to;
    const right = to;
    if (happens(misconceptions.unit) && countsOthers(step)) {
      const other = operation === '*' ? '+' : '-';
      const off = applied(from, other, by);
      if (off !== null && goesOn(off, rest)) [operation, to] = [other, off];
    }
    if (happens(misconceptions.carry) && operation === '+') {
      const off = sumWithoutCarry([from, by]);
      if (off >= 1 && goesOn(off, rest)) to = off;
    }
    if (happens(slips)) {
      const off = to + random.pick([1, 10, -1, -10]);
      if (off >= 1 && goesOn(off, rest)) to = off;
    }
    written.push({
      ...step,
      operation,
      from,
      to,
      mistaken: operation !== step.operation || to !== right,
    });
  }
  return written;
}

const PRODUCTS: readonly Operation[] = ['*', '/'];

/** A sum and the product after it, the product first: for `12+5` and then `*3` it is `5*3=15,12+15=27`. Null where they are not such a pair. */
function productFirst(
  from: number,
  sum: StoryStep,
  product: StoryStep | undefined,
): readonly [WrittenStep, WrittenStep] | null {
  if (product === undefined || PRODUCTS.includes(sum.operation)) return null;
  if (!PRODUCTS.includes(product.operation)) return null;
  const by = applied(sum.by, product.operation, product.by);
  const to = by === null ? null : applied(from, sum.operation, by);
  if (by === null || to === null) return null;
  return [
    { ...product, from: sum.by, to: by, mistaken: true },
    { ...sum, from, by, to, mistaken: true },
  ];
}

/** Whether a story can go on from an amount. */
function goesOn(amount: number, rest: readonly StoryStep[]): boolean {
  let running: number | null = amount;
  for (const { operation, by } of rest) {
    running = running === null ? null : applied(running, operation, by);
  }
  return running !== null;
}
