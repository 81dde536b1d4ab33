/**
 * The stories of the task `word`: who has how many of what, and what happens to it. One grammar for writing and reading:
 *
 *     story    = opening { ". " ( event | aside ) } ". how many has " ( name | "each" ) "?"
 *     opening  = name " has " n " " item  |  name " has " n " bags of " n " " item
 *     event    = holder " " verb " " n                                 of the one whose amount it is
 *              | name " has " n ( " more" | " fewer" | " times as many" )    a new name, compared with the holder before
 *              | n " kids share them"                                  from here on it is what each has
 *     aside    = name " has " n " " item  |  name " is " n " years old"      of nobody and nothing in the story,
 *                and never before an event that refers back to the holder: a comparison, or sharing
 *
 * Names are repeated instead of he and she, so that nothing depends on whom a pronoun means. Everything is lower case: the
 * bundled tokenizer has no capitals.
 */
import { badConfig } from '../../errors.ts';
import { shorten } from '../experiment/field.ts';

export type Operation = '+' | '-' | '*' | '/';

/** One step of the calculation: `from` and `by` give `to`. */
export interface StoryStep {
  readonly operation: Operation;
  readonly from: number;
  readonly by: number;
  readonly to: number;
  /** What happened, as the story has it: `ann buys 5`. */
  readonly words: string;
}

export interface Story {
  readonly opening: { readonly name: string; readonly amount: number };
  readonly steps: readonly StoryStep[];
  /** Whose amount is asked for: a name, or `each`. */
  readonly holder: string;
}

export const NAMES: readonly string[] = ['ann', 'bob', 'eve', 'joe', 'kim', 'max', 'sam', 'tom'];
export const ITEMS: readonly string[] = ['caps', 'cups', 'eggs', 'figs', 'nuts', 'pens'];
export const GAINS: readonly string[] = ['buys', 'finds', 'gets'];
export const LOSSES: readonly string[] = ['lends', 'loses', 'sells'];
/** Whose amount it is once kids have shared. */
export const EACH = 'each';
/** The largest amount in a story. */
export const LARGEST_AMOUNT = 9999;
/** Longer texts are refused. */
const LONGEST_STORY = 400;

const N = '([1-9][0-9]{0,2})';
const NAME = `(${NAMES.join('|')})`;
const ITEM = `(${ITEMS.join('|')})`;
const OPENING = new RegExp(`^${NAME} has (?:${N} bags of )?${N} ${ITEM}$`);
const EVENT = new RegExp(
  `^(${[...NAMES, EACH].join('|')}) (${[...GAINS, ...LOSSES].join('|')}) ${N}$`,
);
const COMPARED = new RegExp(`^${NAME} has ${N} (more|fewer|times as many)$`);
const SHARED = new RegExp(`^${N} kids share them$`);
const ASIDE = new RegExp(`^${NAME} (?:has ${N} ${ITEM}|is ${N} years old)$`);
const ASKED = new RegExp(`^how many has (${[...NAMES, EACH].join('|')})\\?$`);

const COMPARISONS: Readonly<Record<string, Operation>> = {
  more: '+',
  fewer: '-',
  'times as many': '*',
};

/** The result of an operation on an amount; null where a story cannot have it: below 1, not whole, or too large. */
export function applied(from: number, operation: Operation, by: number): number | null {
  const to = { '+': from + by, '-': from - by, '*': from * by, '/': from / by }[operation];
  return Number.isInteger(to) && to >= 1 && to <= LARGEST_AMOUNT ? to : null;
}

/** Whether a sentence refers to the one before it, so that no aside may come between. */
export function looksBack(sentence: string): boolean {
  return COMPARED.test(sentence) || SHARED.test(sentence);
}

/** Whether a step's number counts bags or kids, and not things of the story. */
export function countsOthers({ operation, words }: StoryStep): boolean {
  return operation === '/' || (operation === '*' && words.includes(' bags of '));
}

/** The amount that is asked for. */
export function amountOf({ opening, steps }: Story): number {
  return steps.at(-1)?.to ?? opening.amount;
}

/** All numbers that a story calculates with, in order; those of asides are left out. */
export function numbersOf({ opening, steps }: Story): number[] {
  return [opening.amount, ...steps.map(({ by }) => by)];
}

/**
 * Reads a story.
 * @throws BadConfig on the field `question`, naming the first sentence that is not in the grammar or is impossible
 */
export function readStory(text: string): Story {
  if (text.length > LONGEST_STORY) {
    throw refusal(`A story has at most ${LONGEST_STORY} characters, and this one ${text.length}`);
  }
  const sentences = text.split('. ');
  const question = sentences.pop() ?? '';
  const reader = new StoryReader(sentences[0] ?? '');
  for (const sentence of sentences.slice(1)) reader.read(sentence);
  return reader.end(question);
}

class StoryReader {
  readonly #opening: Story['opening'];
  readonly #item: string;
  readonly #steps: StoryStep[] = [];
  /** Everybody named so far, asides included. */
  readonly #named = new Set<string>();
  #holder: string;
  #amount: number;
  #afterAside = false;

  constructor(sentence: string) {
    const [, name, bags, amount, item] = OPENING.exec(sentence) ?? [];
    if (name === undefined) throw refusal(`${quoted(sentence)} opens no story of this task`);
    this.#opening = { name, amount: Number(amount) };
    this.#item = item;
    this.#holder = name;
    this.#amount = Number(amount);
    this.#named.add(name);
    if (bags !== undefined) this.#step(sentence, '*', Number(bags), `${bags} bags of ${amount}`);
  }

  read(sentence: string): void {
    const event = EVENT.exec(sentence);
    if (event !== null && event[1] === this.#holder) {
      const operation = GAINS.includes(event[2]) ? '+' : '-';
      this.#step(sentence, operation, Number(event[3]), sentence);
      return;
    }
    if (this.#afterAside && looksBack(sentence)) {
      throw refusal(`${quoted(sentence)} could be about the sentence before`);
    }
    const compared = COMPARED.exec(sentence);
    if (compared !== null && this.#holder !== EACH && !this.#named.has(compared[1])) {
      this.#step(sentence, COMPARISONS[compared[3]], Number(compared[2]), sentence);
      this.#holder = compared[1];
      this.#named.add(this.#holder);
      return;
    }
    const shared = SHARED.exec(sentence);
    if (shared !== null && this.#holder !== EACH) {
      this.#step(sentence, '/', Number(shared[1]), sentence);
      this.#holder = EACH;
      return;
    }
    const aside = ASIDE.exec(sentence);
    if (aside === null || this.#named.has(aside[1]) || aside[3] === this.#item) {
      throw refusal(`${quoted(sentence)} does not go on with this story`);
    }
    this.#named.add(aside[1]);
    this.#afterAside = true;
  }

  end(question: string): Story {
    const asked = ASKED.exec(question)?.[1];
    if (asked !== this.#holder) {
      throw refusal(`${quoted(question)} does not ask how many has ${this.#holder}`);
    }
    return { opening: this.#opening, steps: this.#steps, holder: asked };
  }

  #step(sentence: string, operation: Operation, by: number, words: string): void {
    const from = this.#amount;
    const to = applied(from, operation, by);
    if (to === null) throw refusal(`${quoted(sentence)} cannot be, with ${from} before`);
    this.#afterAside = false;
    this.#steps.push({ operation, from, by, to, words });
    this.#amount = to;
  }
}

const quoted = (sentence: string) => `"${shorten(sentence)}"`;

function refusal(message: string) {
  return badConfig(
    'question',
    message,
    'Tell it like: ann has 12 pens. ann buys 5. bob has 3 fewer. how many has bob?',
  );
}
