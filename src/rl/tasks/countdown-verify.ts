/**
 * The exact verifier of Countdown. It reads the completion by a small grammar and does the arithmetic itself; nothing is
 * ever evaluated as code.
 *
 *     completion = { anything ";" } try      try = step { "," step }      step = number op number "=" number
 *     number = digits [ "|" digits ]    in lowest terms, without leading zeros, at most 7 digits a part
 *
 * Only the last try counts, and only it has to be readable: earlier tries were given up and decide nothing. `wellFormed` says whether
 * they can be read as well, for rewards that ask for it. Each step of the last try must take two numbers that are available (given, or
 * made earlier, and unused) and state a right result, and one number must be left: the target.
 */
import { reachableFrom } from './countdown-search.ts';
import { readStep, readSteps, type Step } from './countdown-steps.ts';
import { combine, equal, type Ratio, whole, write } from './ratio.ts';
import { everyPiece, listed, stepAt } from './step-text.ts';
import type { Verdict } from './task.ts';

/** What is asked. */
export interface CountdownData {
  readonly numbers: readonly number[];
  readonly target: number;
}

/** A number on the table, and in canonical form how it was made. */
interface Held {
  readonly value: Ratio;
  readonly given: boolean;
  readonly writing: string;
  /** The operands of a sum or product, flat and sorted, so that (a+b)+c and a+(c+b) are the same answer. */
  readonly terms?: { readonly op: '+' | '*'; readonly writings: readonly string[] };
}

/** The made number: `+` and `*` flat and sorted, a false step marked with what it claims. */
function make(step: Step, left: Held, right: Held, claimIsTrue: boolean): Held {
  const { op, result: value } = step;
  const given = false;
  if (!claimIsTrue) {
    return { value, given, writing: `(${left.writing}${op}${right.writing}~${write(value)})` };
  }
  if (op === '-' || op === '/') {
    return { value, given, writing: `(${left.writing}${op}${right.writing})` };
  }
  const writings = [left, right]
    .flatMap((held) => (held.terms?.op === op ? held.terms.writings : [held.writing]))
    .sort();
  return { value, given, writing: `(${writings.join(op)})`, terms: { op, writings } };
}

/** Takes a number of this value from the table: the one made last, before given ones. */
function take(table: Held[], value: Ratio): Held | undefined {
  for (let i = table.length - 1; i >= 0; i--) {
    if (equal(table[i].value, value)) return table.splice(i, 1)[0];
  }
  return undefined;
}

/**
 * Carries out the steps of one try. `note` is the first fault; absent where the try is right. Of a wrong one, `firstWrong` is the first step that is
 * against the rules, or after which the target is out of reach; absent where it just ends too early.
 */
function play(
  data: CountdownData,
  steps: readonly Step[],
  fractions: boolean,
): { readonly answer: string; readonly note?: string; readonly firstWrong?: number } {
  const table: Held[] = data.numbers.map((n) => ({
    value: whole(n),
    given: true,
    writing: `${n}`,
  }));
  /** How many times each number has been on the table. */
  const seen = new Map<string, number>();
  for (const held of table) seen.set(held.writing, (seen.get(held.writing) ?? 0) + 1);
  let note: string | undefined;
  /** What is held after each step, up to the first that is against the rules. */
  const held: (readonly Ratio[])[] = [];

  for (const step of steps) {
    const operand = (value: Ratio): Held => {
      const held = take(table, value);
      if (held !== undefined) return held;
      const name = write(value);
      const times = seen.get(name) ?? 0;
      if (times === 0) note ??= `${name} is not there`;
      else note ??= times === 1 ? `uses ${name} twice` : `uses ${name} too often`;
      return { value, given: false, writing: `${name}?` };
    };
    const left = operand(step.left);
    const right = operand(step.right);
    const truth = combine(step.op, step.left, step.right);
    const claimIsTrue = truth !== null && equal(truth, step.result);
    if (!claimIsTrue) note ??= `${step.text} is false`;
    const name = write(step.result);
    if (!fractions && step.result.d !== 1) note ??= `${name} is not whole`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    table.push(make(step, left, right, claimIsTrue));
    if (note === undefined) held.push(table.map((one) => one.value));
  }
  const against = note !== undefined;

  const last = table[table.length - 1];
  if (table.length > 1) {
    note ??= `leaves ${listed(table.slice(0, -1).map((held) => write(held.value)))} unused`;
  }
  if (!equal(last.value, whole(data.target))) note ??= `ends at ${write(last.value)}`;
  const made = table.filter((held) => !held.given).map((held) => held.writing);
  const answer = made.sort().join(' ');
  if (note === undefined) return { answer };
  const rules = { fractions, minTarget: data.target, maxTarget: data.target };
  const lost = held.findIndex((values) => reachableFrom(values, rules).length === 0);
  if (lost >= 0) return { answer, note, firstWrong: lost };
  return { answer, note, ...(against && { firstWrong: held.length }) };
}

/** Judges a completion; `fractions` says whether the form allows results that are not whole. */
export function verifyCountdown(
  data: CountdownData,
  completion: string,
  fractions: boolean,
): Verdict {
  const wellFormed = everyPiece(completion, ',;', (piece) => readStep(piece) !== null);
  // n numbers allow n - 1 steps. One more must reuse a number, so further steps cannot matter.
  const steps = readSteps(completion, data.numbers.length);
  if (steps === null) {
    return { correct: false, wellFormed: false, answer: null, note: 'cannot be read' };
  }
  const { answer, note, firstWrong } = play(data, steps, fractions);
  if (note === undefined) return { correct: true, wellFormed, answer };
  const tries = stepAt(completion, completion.lastIndexOf(';') + 1);
  return {
    ...{ correct: false, wellFormed, answer, note },
    ...(firstWrong !== undefined && { firstWrong: tries + firstWrong }),
  };
}
