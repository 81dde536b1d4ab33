/**
 * Chain: add a few numbers modulo 100, one at a time. Prompt `12+95+7+38:`, completion `12+95=7,7+7=14,14+38=52`.
 *
 * The number after the last `=` is the answer; as with a sum on paper, the steps lead there and do not decide.
 * The bare answer `52` is right too, but not well formed.
 *
 * With `answer_apart` the answer follows the steps after a semicolon, `12+95=7,7+7=14,14+38=52;52`, and it alone is judged. Steps may then be
 * written in any dialect and with chatter. Well formed is an answer with as many steps as there are additions, right or wrong.
 *
 * Splits: a fixed fifth of the multisets of terms is `test`, and `ood` has one term more than was ever trained on.
 */
import { badConfig } from '../../errors.ts';
import { flag, number } from '../experiment/field.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { CARRY } from './carry.ts';
import { chainCritic } from './chain-critic.ts';
import { DIALECTS } from './chain-dialects.ts';
import { type ChainReading, readChain } from './chain-read.ts';
import { chainTrace, checkChainTraces } from './chain-trace.ts';
import { heldOut, multisetKey } from './split.ts';
import { everyPiece, listed, readListed, separatedSteps, stepAt } from './step-text.ts';
import {
  defineTask,
  type Manner,
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
const BARE = new RegExp(`^${NUMBER}$`);
const BARE_STEP = new RegExp(`^${NUMBER}\\+${NUMBER}=${NUMBER}$`);
const isBareStep = (piece: string) => BARE_STEP.test(piece);

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

/** A fault in a few words, and the character at which its step starts. */
interface Fault {
  readonly note: string;
  readonly from: number;
}

/** The first fault in the steps; undefined where every step is right. */
function firstFault({ pieces }: ChainReading, repeats: boolean): Fault | undefined {
  for (const { kind, text, step, from } of pieces) {
    if (kind === 'stray' || (kind === 'repeat' && !repeats)) {
      return { note: `${text} does not follow`, from };
    }
    if (step !== null && sumOf([step.left, ...step.rights]) !== step.result) {
      return { note: `${text} is false`, from };
    }
  }
  return undefined;
}

/** What is said of a completion with an answer. @param wrongFrom the character at which the first wrong step starts, if there is one */
function verdictOf(
  completion: string,
  said: { readonly correct: boolean; readonly wellFormed: boolean; readonly answer: string },
  fault: Fault | undefined,
  wrongFrom: number | undefined,
): Verdict {
  return {
    ...said,
    ...(wrongFrom !== undefined && { firstWrong: stepAt(completion, wrongFrom) }),
    ...(!said.correct && { note: fault?.note ?? `ends at ${said.answer}` }),
  };
}

/** Whether there is a step for each addition; what is said again or in a check does not count. */
function hasEveryStep({ pieces }: ChainReading, additions: number): boolean {
  const steps = pieces.filter(({ kind }) => kind === 'step' || kind === 'stray');
  return steps.length === additions && pieces.every(({ kind }) => kind !== 'odd');
}

/** The steps, and the number after the last semicolon; null where there is none. */
function partsOf(completion: string): { readonly steps: string; readonly answer: string | null } {
  const at = completion.lastIndexOf(';');
  if (at < 0) return { steps: completion, answer: null };
  const answer = completion.slice(at + 1);
  return { steps: completion.slice(0, at), answer: BARE.test(answer) ? answer : null };
}

/** Words before steps, and whole pieces, with the comma after them, that are words alone or stand there already. */
function chatterOf({ pieces }: ChainReading, end: number): Manner['chatter'] {
  const places: [number, number][] = [];
  for (const { kind, from, wordsTo, to } of pieces) {
    const whole = kind === 'words' || kind === 'repeat';
    const until = whole ? Math.min(to + 1, end) : wordsTo;
    const last = places[places.length - 1];
    if (last && last[1] === from) last[1] = until;
    else if (until > from) places.push([from, until]);
  }
  return places;
}

class Chain implements Task<ChainData> {
  readonly id = 'chain';
  readonly label = 'Chain';
  readonly description: string;
  readonly legend: string =
    'Each step adds one number, modulo 100: `58+71=29`. `,` stands between steps. The number after the last `=` is the answer.';
  /** The answer starts after the colon; everything before it is the question. */
  readonly emptyPrompt = ':';
  readonly misconceptions = [CARRY];
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

  promptOfTitle(text: string): string | null {
    const [, list] = new RegExp(`^add ([^.]*?)(?: modulo ${MODULUS})?\\.?$`, 'i').exec(text) ?? [];
    const terms = list === undefined ? null : readListed(list);
    return terms && `${terms.join('+')}:`;
  }

  splitOf(question: Question<ChainData>): Split | null {
    return this.#splitOfTerms(question.data.terms);
  }

  clusterOf({ data: { terms } }: Question<ChainData>): string {
    return multisetKey(terms);
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
    return this.trace(question.data.terms, random, options);
  }

  checkTraces(options: TraceOptions): void {
    checkChainTraces(options, false);
  }

  protected trace(terms: readonly number[], random: RandomStream, options: TraceOptions): string {
    return chainTrace(terms, random, options, { modulus: MODULUS, apart: false });
  }

  reasoning(completion: string): string | null {
    return completion.slice(0, completion.lastIndexOf('=') + 1);
  }

  verify({ data: { terms } }: Question<ChainData>, completion: string): Verdict {
    const wellFormed = everyPiece(completion, ',', isBareStep);
    if (!wellFormed && !BARE.test(completion)) {
      return { correct: false, wellFormed, answer: null, note: 'cannot be read' };
    }
    const answer = completion.slice(completion.lastIndexOf('=') + 1);
    const correct = Number(answer) === sumOf(terms);
    const fault = wellFormed ? firstFault(readChain(terms, completion), false) : undefined;
    // Right steps that stop too early lack something and say nothing wrong.
    const wrongFrom = fault?.from ?? (correct || wellFormed ? undefined : 0);
    return verdictOf(completion, { correct, wellFormed, answer }, fault, wrongFrom);
  }

  stepBoundaries(completion: string): number[] {
    return separatedSteps(completion);
  }

  #splitOfTerms(terms: readonly number[]): Split | null {
    if (Math.max(...terms) > this.#largest) return null;
    if (terms.length === this.#most + 1) return 'ood';
    if (terms.length < this.#least || terms.length > this.#most) return null;
    return heldOut('chain', terms) ? 'test' : 'train';
  }
}

/** A chain whose answer stands apart, so that its steps may be written in several ways. */
class ChainApart extends Chain {
  override readonly legend =
    'Each step adds, modulo 100: `58+71=29`. `,` stands between steps. The number after `;` is the answer, and it alone is judged.';
  readonly dialects = DIALECTS;
  readonly critic = chainCritic(MODULUS);

  override expertAnswer(question: Question<ChainData>): string {
    return `;${super.expertAnswer(question)}`;
  }

  /** The expert's answer brings its semicolon along. */
  override reasoning(completion: string): string | null {
    const at = completion.lastIndexOf(';');
    return at < 0 ? null : completion.slice(0, at);
  }

  override checkTraces(options: TraceOptions): void {
    checkChainTraces(options, true);
  }

  protected override trace(terms: readonly number[], random: RandomStream, options: TraceOptions) {
    return chainTrace(terms, random, options, { modulus: MODULUS, apart: true });
  }

  override verify({ data: { terms } }: Question<ChainData>, completion: string): Verdict {
    const { steps, answer } = partsOf(completion);
    const reading = readChain(terms, steps);
    if (answer === null) {
      return { correct: false, wellFormed: false, answer, note: 'cannot be read' };
    }
    const wellFormed = hasEveryStep(reading, terms.length - 1);
    const correct = Number(answer) === sumOf(terms);
    const fault = firstFault(reading, true);
    const wrongFrom = fault?.from ?? (correct ? undefined : steps.length + 1);
    return verdictOf(completion, { correct, wellFormed, answer }, fault, wrongFrom);
  }

  manner({ data: { terms } }: Question<ChainData>, completion: string): Manner {
    const { steps } = partsOf(completion);
    const reading = readChain(terms, steps);
    return { dialect: reading.dialect, chatter: chatterOf(reading, steps.length) };
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
    answer_apart: flag({
      label: 'Answer apart',
      help: 'The answer stands after a semicolon and is judged alone, so that steps may be written in several dialects.',
      default: false,
    }),
  },
  create: ({ min_terms, max_terms, largest_term, answer_apart }) => {
    if (min_terms > max_terms) {
      throw badConfig('task.min_terms', `Fewest terms is ${min_terms}, most terms ${max_terms}`);
    }
    const Kind = answer_apart ? ChainApart : Chain;
    return new Kind(min_terms, max_terms, largest_term);
  },
});
