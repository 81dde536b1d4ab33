/**
 * Word: short stories in which somebody's amount grows, shrinks, is multiplied and shared. Prompt
 * `ann has 12 pens. ann buys 5. bob has 3 fewer. how many has bob?`, completion `12+5=17,17-3=14`, with or without words
 * around it. The last number is the answer; steps are not judged. The bare answer `14` is right too, but not well formed.
 *
 * All amounts are whole and at least 1, and shares are exact. With the default settings a prompt has at most 85
 * characters (110 out of distribution; an irrelevant sentence adds at most 21), with four steps at most 135.
 *
 * Splits: a fixed fifth of the multisets of numbers told is `test`, whatever is done to them; `ood` has one step more than was
 * ever trained on and a number of up to twice the largest.
 */
import { badConfig } from '../../errors.ts';
import { flag, number } from '../experiment/field.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { requirePlain } from './plain-traces.ts';
import { heldOut, multisetKey } from './split.ts';
import { separatedSteps } from './step-text.ts';
import {
  defineTask,
  type Manner,
  type Question,
  type Split,
  type Task,
  type TraceOptions,
  type Verdict,
} from './task.ts';
import { drawReckoning, tell } from './word-draw.ts';
import { WORD_MISCONCEPTIONS } from './word-mistakes.ts';
import { amountOf, numbersOf, readStory, type Story } from './word-story.ts';
import { traceOf } from './word-trace.ts';
import { chatterOf, verifyWord } from './word-verify.ts';

const MOST_STEPS = 4;
/** Numbers in out-of-distribution stories are up to this many times the largest. */
const OOD_TIMES = 2;

interface Settings {
  readonly min_steps: number;
  readonly max_steps: number;
  readonly largest: number;
  readonly distractors: boolean;
}

class Word implements Task<Story> {
  readonly id = 'word';
  readonly label = 'Word problems';
  readonly description: string;
  /** The answer starts after the question mark; everything before it is the question. */
  readonly legend =
    'Each step works out one amount: `12+5=17`, with or without words around it. `,` stands between steps. The last number is the answer; steps are not judged.';
  readonly emptyPrompt = '?';
  readonly misconceptions = WORD_MISCONCEPTIONS;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { min_steps: least, max_steps: most, largest } = settings;
    const steps = least === most ? `${least}` : `${least} to ${most}`;
    this.description = `Stories of ${steps} ${most === 1 ? 'step' : 'steps'} with numbers of 2 to ${largest}: who has how many in the end?`;
  }

  question(split: Split, index: number, seed: number): Question<Story> {
    const { min_steps: least, max_steps: most, largest, distractors } = this.#settings;
    const kind = `${least}-${most}-${largest}-${Number(distractors)}`;
    const random = randomStream(seed, `task/word/${kind}/${split}`, index);
    const size =
      split === 'ood'
        ? { steps: most + 1, largest: OOD_TIMES * largest }
        : { steps: least + random.below(most - least + 1), largest };
    // One draw in five is held out, and most large draws contain a large number, so this ends after a few draws.
    for (;;) {
      const reckoning = drawReckoning(random, size);
      const told = [reckoning.amount, ...reckoning.steps.map(({ by }) => by)];
      if (this.#splitOfNumbers(told) !== split) continue;
      const aside = distractors ? 2 + random.below(largest - 1) : null;
      return this.readQuestion(tell(random, reckoning, aside));
    }
  }

  readQuestion(prompt: string): Question<Story> {
    return { prompt, title: prompt, data: readStory(prompt) };
  }

  splitOf(question: Question<Story>): Split | null {
    return this.#splitOfNumbers(numbersOf(question.data));
  }

  clusterOf(question: Question<Story>): string {
    return multisetKey(numbersOf(question.data));
  }

  expertAnswer(question: Question<Story>): string {
    return `${amountOf(question.data)}`;
  }

  checkTraces(options: TraceOptions): void {
    requirePlain({ dialects: options.dialects ?? {} }, 'is not for stories', 'Leave it out.');
    requireFillers(options);
  }

  expertTrace(question: Question<Story>, random: RandomStream, options: TraceOptions = {}): string {
    if (options.failedTries?.slice(1).some((weight) => weight !== 0)) {
      throw badConfig('failedTries', 'A story has no failed tries', 'Leave the setting out.');
    }
    this.checkTraces(options);
    return traceOf(question.data, random, options);
  }

  verify(question: Question<Story>, completion: string): Verdict {
    return verifyWord(question.data, completion);
  }

  manner(_question: Question<Story>, completion: string): Manner {
    return { dialect: null, chatter: chatterOf(completion) };
  }

  stepBoundaries(completion: string): number[] {
    return separatedSteps(completion);
  }

  /** The split of the numbers in a story, which has one more number than steps. */
  #splitOfNumbers(numbers: readonly number[]): Split | null {
    const { min_steps: least, max_steps: most, largest } = this.#settings;
    const steps = numbers.length - 1;
    const highest = Math.max(...numbers);
    if (steps === most + 1 && highest > largest) {
      return highest <= OOD_TIMES * largest ? 'ood' : null;
    }
    if (steps < least || steps > most || highest > largest) return null;
    return heldOut('word', numbers) ? 'test' : 'train';
  }
}

/** Stories say nothing that may be asked again, and their checks repair nothing. @throws BadConfig */
function requireFillers({ chatterKind = 'filler', checkRepairs = false }: TraceOptions): void {
  const remedy = 'Leave the setting out, or take the task chain.';
  if (chatterKind !== 'filler') {
    throw badConfig('chatter_kind', 'Stories have fillers for chatter only', remedy);
  }
  if (checkRepairs) throw badConfig('check_repairs', 'Checks of stories repair nothing', remedy);
}

const stepsRange = { min: 1, max: MOST_STEPS, integer: true, step: 1, unit: 'steps' } as const;

export const word = defineTask({
  label: 'Word problems',
  description: 'Short stories with names and quantities: who has how many in the end?',
  options: {
    min_steps: number({
      label: 'Fewest steps',
      help: 'The fewest steps of reckoning in a story.',
      ...stepsRange,
      default: 1,
    }),
    max_steps: number({
      label: 'Most steps',
      help: 'The most steps of reckoning in a story. Out-of-distribution stories have one more, and larger numbers.',
      ...stepsRange,
      default: 2,
    }),
    largest: number({
      label: 'Largest number',
      help: 'The largest number told; amounts on the way are at most five times as large. Out-of-distribution stories tell numbers up to twice as large.',
      min: 9,
      max: 99,
      integer: true,
      step: 1,
      default: 12,
    }),
    distractors: flag({
      label: 'Distractors',
      help: 'Puts one sentence with a number beside the point into every story.',
      default: false,
    }),
  },
  create: (settings) => {
    const { min_steps, max_steps } = settings;
    if (min_steps > max_steps) {
      throw badConfig('task.min_steps', `Fewest steps is ${min_steps}, most steps ${max_steps}`);
    }
    return new Word(settings);
  },
});
