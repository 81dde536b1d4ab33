/**
 * Chain: add a few numbers modulo 100, one at a time. Prompt `12+95+7+38:`, completion `12+95=7,7+7=14,14+38=52`.
 *
 * The number after the last `=` is the answer; as with a sum on paper, the steps lead there and are not judged.
 * The bare answer `52` is right too, but not well formed.
 *
 * Splits: a fixed fifth of the multisets of terms is `test`, and `ood` has one term more than was ever trained on.
 */
import { badConfig } from '../../errors.ts';
import { number } from '../experiment/field.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { heldOut } from './split.ts';
import { everyPiece, listed, separatedSteps } from './step-text.ts';
import {
  defineTask,
  type Question,
  type Split,
  type Task,
  type TraceOptions,
  type Verdict,
} from './task.ts';

/** All numbers are below this, and sums are taken modulo it. */
const MODULUS = 100;
const MOST_TERMS = 8;

interface ChainData {
  readonly terms: readonly number[];
}

const NUMBER = '(0|[1-9][0-9]?)';
const STEP = new RegExp(`^${NUMBER}\\+${NUMBER}=${NUMBER}$`);
const BARE = new RegExp(`^${NUMBER}$`);

function ask(terms: readonly number[]): Question<ChainData> {
  return {
    prompt: `${terms.join('+')}:`,
    title: `Add ${listed(terms)} modulo ${MODULUS}`,
    data: { terms },
  };
}

function sumOf(terms: readonly number[]): number {
  return terms.reduce((sum, term) => (sum + term) % MODULUS, 0);
}

/** The first fault in the steps, in a few words; where every step is right, the number that they end at. */
function firstFault(terms: readonly number[], text: string, end: string): string {
  let running = terms[0];
  let at = 1;
  let fault: string | undefined;
  everyPiece(text, ',', (piece) => {
    const step = STEP.exec(piece);
    if (step === null) return false;
    const [left, right, result] = step.slice(1).map(Number);
    const follows = left === running && right === terms[at];
    const turned = right === running && left === terms[at];
    if (!follows && !turned) fault = `${piece} does not follow`;
    else if ((left + right) % MODULUS !== result) fault = `${piece} is false`;
    running = result;
    at++;
    return fault === undefined;
  });
  return fault ?? `ends at ${end}`;
}

/** What a careless expert adds to a result: mostly 0, else one or ten too many or too few. */
function slip(random: RandomStream, chance = 0): number {
  if (chance === 0 || random.uniform() >= chance) return 0;
  return random.pick([1, 10, MODULUS - 1, MODULUS - 10]);
}

class Chain implements Task<ChainData> {
  readonly id = 'chain';
  readonly label = 'Chain';
  readonly description: string;
  /** The answer starts after the colon; everything before it is the question. */
  readonly emptyPrompt = ':';
  readonly #least: number;
  readonly #most: number;
  /** The largest number in a question. */
  readonly #largest: number;

  constructor(least: number, most: number, largest: number) {
    this.#least = least;
    this.#most = most;
    this.#largest = largest;
    this.description = `Add ${least === most ? least : `${least} to ${most}`} numbers of 0 to ${largest}, modulo ${MODULUS}, one at a time.`;
  }

  question(split: Split, index: number, seed: number): Question<ChainData> {
    const kind = `${this.#least}-${this.#most}-${this.#largest}`;
    const random = randomStream(seed, `task/chain/${kind}/${split}`, index);
    const count =
      split === 'ood' ? this.#most + 1 : this.#least + random.below(this.#most - this.#least + 1);
    // One draw in five is held out, so this ends after a few.
    for (;;) {
      const terms = Array.from({ length: count }, () => random.below(this.#largest + 1));
      if (this.#splitOfTerms(terms) === split) return ask(terms);
    }
  }

  readQuestion(prompt: string): Question<ChainData> {
    const form = new RegExp(`^${NUMBER}(\\+${NUMBER}){1,${MOST_TERMS}}:$`);
    if (!form.test(prompt)) {
      throw badConfig(
        'question',
        'The prompt is not a Chain question',
        `Ask like 12+95+7:, with 2 to ${MOST_TERMS + 1} numbers below ${MODULUS}.`,
      );
    }
    return ask(prompt.slice(0, -1).split('+').map(Number));
  }

  splitOf(question: Question<ChainData>): Split | null {
    return this.#splitOfTerms(question.data.terms);
  }

  expertAnswer(question: Question<ChainData>): string {
    return `${sumOf(question.data.terms)}`;
  }

  expertTrace(
    question: Question<ChainData>,
    random: RandomStream,
    options: TraceOptions = {},
  ): string {
    if (options.failedTries?.slice(1).some((weight) => weight !== 0)) {
      throw badConfig('failedTries', 'A chain has no failed tries', 'Leave the setting out.');
    }
    const { terms } = question.data;
    let running = terms[0];
    const steps = terms.slice(1).map((term) => {
      const left = running;
      running = (left + term + slip(random, options.slips)) % MODULUS;
      return options.operands === 'larger-first' && term > left
        ? `${term}+${left}=${running}`
        : `${left}+${term}=${running}`;
    });
    return steps.join(',');
  }

  verify(question: Question<ChainData>, completion: string): Verdict {
    const { terms } = question.data;
    const wellFormed = everyPiece(completion, ',', (piece) => STEP.test(piece));
    if (!wellFormed && !BARE.test(completion)) {
      return { correct: false, wellFormed, answer: null, note: 'cannot be read' };
    }
    const answer = completion.slice(completion.lastIndexOf('=') + 1);
    if (Number(answer) === sumOf(terms)) return { correct: true, wellFormed, answer };
    return { correct: false, wellFormed, answer, note: firstFault(terms, completion, answer) };
  }

  stepBoundaries(completion: string): number[] {
    return separatedSteps(completion);
  }

  #splitOfTerms(terms: readonly number[]): Split | null {
    if (terms.length === this.#most + 1) return 'ood';
    if (terms.length < this.#least || terms.length > this.#most) return null;
    return heldOut('chain', terms) ? 'test' : 'train';
  }
}

const termsRange = { min: 2, max: MOST_TERMS, integer: true, step: 1, unit: 'terms' } as const;

export const chain = defineTask({
  label: 'Chain',
  description: 'Sums modulo 100, one number at a time; learns in a minute.',
  options: {
    min_terms: number({
      label: 'Fewest terms',
      help: 'The fewest numbers in a sum.',
      ...termsRange,
      default: 2,
    }),
    max_terms: number({
      label: 'Most terms',
      help: 'The most numbers in a sum. Out-of-distribution questions have one more.',
      ...termsRange,
      default: 4,
    }),
    largest_term: number({
      label: 'Largest number',
      help: 'The largest number in a sum; smaller ones make the task easier.',
      min: 9,
      max: MODULUS - 1,
      integer: true,
      step: 1,
      default: MODULUS - 1,
    }),
  },
  create: ({ min_terms, max_terms, largest_term }) => {
    if (min_terms > max_terms) {
      throw badConfig('task.min_terms', `Fewest terms is ${min_terms}, most terms ${max_terms}`);
    }
    return new Chain(min_terms, max_terms, largest_term);
  },
});
