/**
 * Reads answers to stories: pieces separated by commas, each of lower-case words, numbers and steps such as `12+5=17`. The last number of
 * the last piece is the answer, so a last piece of words alone leaves the story unanswered. Steps do not decide, but the first fault in them is
 * found, and named where the answer is wrong.
 */
import { everyPiece } from './step-text.ts';
import type { Verdict } from './task.ts';
import { amountOf, type Operation, type Story, type StoryStep } from './word-story.ts';

const NUMBER = '(0|[1-9][0-9]{0,3})(?![0-9])';
const TOKEN = new RegExp(`[a-z ]+|${NUMBER}(?:([+\\-*/])${NUMBER}=${NUMBER})?`, 'y');

/** A step as it was written. */
interface Written {
  readonly operation: Operation;
  readonly left: number;
  readonly right: number;
  readonly result: number;
  readonly text: string;
}

/** Steps with which later ones are compared; a story has far fewer. */
const MOST_COMPARED = 64;

interface Piece {
  readonly steps: readonly Written[];
  /** Its last number; null where it has words only. */
  readonly last: string | null;
  /** Whether that is the result of a step. */
  readonly isResult: boolean;
}

/** A piece between commas; null where it is empty or not of the form. */
function readPiece(text: string): Piece | null {
  const steps: Written[] = [];
  let last: string | null = null;
  let isResult = false;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (token === null) return null;
    const [written, left, operation, right, result] = token;
    if (operation !== undefined) {
      steps.push({
        operation: operation as Operation,
        left: Number(left),
        right: Number(right),
        result: Number(result),
        text: written,
      });
    }
    last = result ?? left ?? last;
    if (left !== undefined) isResult = result !== undefined;
    at += written.length;
  }
  return text.trim() === '' ? null : { steps, last, isResult };
}

function isTrue({ operation, left, right, result }: Written): boolean {
  // A division is true where its inverse is; there is no remainder and no division by 0.
  if (operation === '/') return right !== 0 && result * right === left;
  return { '+': left + right, '-': left - right, '*': left * right }[operation] === result;
}

/** Whether a step is the next one of the story, from the amount that was reached. */
function follows(written: Written, { operation, by }: StoryStep, amount: number): boolean {
  const { left, right } = written;
  if (written.operation !== operation) return false;
  const turns = operation === '+' || operation === '*';
  return (left === amount && right === by) || (turns && left === by && right === amount);
}

/** Whether a step repeats an earlier one, or its inverse: `17-5=12` after `12+5=17`. */
function checks(written: Written, former: Written): boolean {
  const key = ({ operation, left, right, result }: Written) => {
    const sum = operation === '+' || operation === '*';
    const parts = sum ? [left, right] : [result, right];
    return `${operation === '+' || operation === '-' ? '+' : '*'}${parts.sort((a, b) => a - b)}=${sum ? result : left}`;
  };
  return key(written) === key(former);
}

/** Goes through steps in order and keeps the first fault, with the place that was given with its step. */
class Reckoner {
  fault: { readonly note: string; readonly place: number } | undefined;
  readonly #story: Story;
  readonly #former: Written[] = [];
  #amount: number;

  constructor(story: Story) {
    this.#story = story;
    this.#amount = story.opening.amount;
  }

  /** Whether every step of the story was taken. */
  get done(): boolean {
    return this.#former.length === this.#story.steps.length;
  }

  take(written: Written, place: number): void {
    if (this.fault !== undefined) return;
    const next = this.#story.steps[this.#former.length];
    if (next !== undefined && follows(written, next, this.#amount)) {
      if (!isTrue(written)) this.fault = { note: `${written.text} is false`, place };
      this.#former.push(written);
      this.#amount = written.result;
    } else if (!this.#former.some((former) => checks(written, former))) {
      this.fault = { note: `${written.text} does not follow`, place };
    }
  }
}

/**
 * Where a text says nothing new, as offsets: words before steps, and whole pieces, with the comma after them, whose steps stand there
 * already. A last piece of words and a number, such as `so bob has 14`, is the answer and no chatter.
 */
export function chatterOf(completion: string): [number, number][] {
  const places: [number, number][] = [];
  const add = (from: number, to: number) => {
    const last = places[places.length - 1];
    if (last && last[1] === from) last[1] = to;
    else if (to > from) places.push([from, to]);
  };
  const former: Written[] = [];
  let from = 0;
  everyPiece(completion, ',', (text) => {
    const piece = readPiece(text);
    const to = Math.min(from + text.length + 1, completion.length);
    const known = (step: Written) => former.some((one) => checks(step, one));
    if (piece !== null && piece.steps.length > 0) {
      if (piece.steps.every(known)) add(from, to);
      else add(from, from + text.search(/\d/));
      // More steps than a story has are not compared with each other.
      if (former.length <= MOST_COMPARED) former.push(...piece.steps);
    }
    from += text.length + 1;
    return true;
  });
  return places;
}

export function verifyWord(story: Story, completion: string): Verdict {
  const reckoner = new Reckoner(story);
  const end = { answer: null as string | null, isResult: false };
  let steps = 0;
  let place = -1;
  const readable = everyPiece(completion, ',', (text) => {
    const piece = readPiece(text);
    place++;
    for (const step of piece?.steps ?? []) reckoner.take(step, place);
    steps += piece?.steps.length ?? 0;
    end.answer = piece?.last ?? null;
    end.isResult = piece?.isResult ?? false;
    return piece !== null;
  });
  const { answer } = end;
  if (!readable || answer === null) {
    return { correct: false, wellFormed: false, answer: null, note: 'cannot be read' };
  }
  const wellFormed = steps > 0;
  const correct = Number(answer) === amountOf(story);
  // A text that ends with a right step, before the story does, lacks something and says nothing wrong.
  const early = end.isResult && !reckoner.done;
  const firstWrong = reckoner.fault?.place ?? (correct || early ? undefined : place);
  return {
    ...{ correct, wellFormed, answer },
    ...(firstWrong !== undefined && { firstWrong }),
    ...(!correct && { note: reckoner.fault?.note ?? `ends at ${answer}` }),
  };
}
