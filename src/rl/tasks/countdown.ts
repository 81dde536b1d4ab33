/**
 * Countdown: reach a target from a few numbers, each used exactly once. Two forms:
 *
 * - `small`: three of 1..9 to a target of 1..100; results stay whole and non-negative, divisions are exact.
 * - `classic`: four of 1..13 to 24; fractions are allowed and written `p|q`.
 *
 * Prompt `3 5 7=26:`, completion `3*7=21,21+5=26`, with failed tries before it, separated by `;`.
 *
 * Splits, by multiset of numbers: a fixed fifth of the multisets is `test`; `ood` are those with at least one larger
 * number than was ever trained on (10..12 in the small form, 14..16 in the classic one). All solvable questions of a split
 * are asked in an order shuffled by the seed, and then again in another order.
 */
import { badConfig } from '../../errors.ts';
import { choice } from '../experiment/field.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { CARRY } from './carry.ts';
import { withoutCarries } from './countdown-carry.ts';
import { countdownCritic } from './countdown-critic.ts';
import {
  allSolutions,
  type Operands,
  type Rules,
  randomTry,
  reachableTargets,
} from './countdown-search.ts';
import { type CountdownData, verifyCountdown } from './countdown-verify.ts';
import { requirePlain } from './plain-traces.ts';
import { heldOut, multisetKey, spreadHash } from './split.ts';
import { listed, readListed, separatedSteps } from './step-text.ts';
import {
  defineTask,
  type Question,
  type Split,
  type Task,
  type TaskCritic,
  type TraceOptions,
} from './task.ts';

interface Form extends Rules {
  readonly id: 'small' | 'classic';
  readonly count: number;
  /** The largest number of `train` and `test`, and of `ood`. */
  readonly largest: number;
  readonly largestOod: number;
}

const FORMS = {
  small: {
    id: 'small',
    count: 3,
    largest: 9,
    largestOod: 12,
    fractions: false,
    minTarget: 1,
    maxTarget: 100,
  },
  classic: {
    id: 'classic',
    count: 4,
    largest: 13,
    largestOod: 16,
    fractions: true,
    minTarget: 24,
    maxTarget: 24,
  },
} as const satisfies Record<string, Form>;

/** Weights of 0, 1, 2 and 3 failed tries in an expert trace: half a failed try on average. */
export const DEFAULT_FAILED_TRIES: readonly number[] = [0.7, 0.15, 0.1, 0.05];

/** Most numbers that `readQuestion` accepts, so that a typed question cannot cost unbounded time. */
const LARGEST_READ = 99;
/** Solutions kept, by multiset; when full, all are forgotten. All questions of one form fit. */
const MOST_KEPT = 5000;

/** The split of a multiset, solvable or not; null where it belongs to none. */
function splitOfNumbers(form: Form, numbers: readonly number[]): Split | null {
  const largest = Math.max(...numbers);
  if (numbers.length !== form.count || Math.min(...numbers) < 1) return null;
  if (largest > form.largest) return largest <= form.largestOod ? 'ood' : null;
  return heldOut(`countdown/${form.id}`, numbers) ? 'test' : 'train';
}

/** All multisets of `count` numbers of 1..largest, each rising. */
function multisets(count: number, largest: number, from = 1): number[][] {
  if (count === 0) return [[]];
  const found: number[][] = [];
  for (let first = from; first <= largest; first++) {
    for (const rest of multisets(count - 1, largest, first)) found.push([first, ...rest]);
  }
  return found;
}

/** All solvable questions of a split, numbers rising. */
function allQuestions(form: Form, split: Split): CountdownData[] {
  return multisets(form.count, split === 'ood' ? form.largestOod : form.largest)
    .filter((numbers) => splitOfNumbers(form, numbers) === split)
    .flatMap((numbers) => reachableTargets(numbers, form).map((target) => ({ numbers, target })));
}

function ask(data: CountdownData): Question<CountdownData> {
  return {
    prompt: `${data.numbers.join(' ')}=${data.target}:`,
    title: `Make ${data.target} from ${listed(data.numbers)}`,
    data,
  };
}

/** Index drawn in proportion to the weights, from a uniform number in [0, 1). */
function weightedIndex(weights: readonly number[], uniform: number): number {
  const usable = weights.every((weight) => Number.isFinite(weight) && weight >= 0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!usable || !(total > 0)) {
    throw badConfig('failedTries', 'Weights of failed tries must be 0 or more, and not all 0');
  }
  let left = uniform * total;
  const index = weights.findIndex((weight) => {
    left -= weight;
    return left < 0;
  });
  // Rounding may leave a remainder after the last weight.
  return index >= 0 ? index : weights.findLastIndex((weight) => weight > 0);
}

class Countdown implements Task<CountdownData> {
  readonly id = 'countdown';
  readonly label = 'Countdown';
  readonly description: string;
  readonly legend: string;
  /** The answer starts after the colon; everything before it is the question. */
  readonly emptyPrompt = ':';
  readonly mostCharacters: number;
  readonly misconceptions = [CARRY];
  readonly critic: TaskCritic<CountdownData>;
  readonly #form: Form;
  readonly #pools = new Map<Split, readonly CountdownData[]>();
  /** The order last used, by split: consecutive questions share it. */
  readonly #orders = new Map<Split, { key: string; order: readonly CountdownData[] }>();
  readonly #solutions = new Map<string, ReadonlyMap<number, readonly string[]>>();

  constructor(form: Form) {
    this.#form = form;
    this.critic = countdownCritic(form);
    const { count, largestOod, maxTarget } = form;
    const longest = { numbers: new Array<number>(count).fill(largestOod), target: maxTarget };
    this.mostCharacters = ask(longest).prompt.length;
    this.legend = `Each step takes two numbers and makes one: \`3*7=21\`. \`,\` stands between steps, and \`;\` begins another try. The last number must be the target.${form.fractions ? ' `p|q` is the fraction p/q.' : ''}`;
    this.description =
      form.id === 'small'
        ? 'Reach a target of 1 to 100 from three numbers of 1 to 9, each used once, in whole steps.'
        : 'Reach 24 from four numbers of 1 to 13, each used once; fractions are allowed.';
  }

  question(split: Split, index: number, seed: number): Question<CountdownData> {
    const pool = this.#pool(split);
    const stream = `task/countdown/${this.#form.id}/${split}`;
    const round = Math.floor(index / pool.length);
    const key = `${seed}/${round}`;
    let kept = this.#orders.get(split);
    if (kept?.key !== key) {
      kept = { key, order: randomStream(seed, stream, round).shuffle(pool) };
      this.#orders.set(split, kept);
    }
    const { numbers, target } = kept.order[index % pool.length];
    const shuffled = randomStream(seed, `${stream}/numbers`, index).shuffle(numbers);
    return ask({ numbers: shuffled, target });
  }

  readQuestion(prompt: string): Question<CountdownData> {
    const { count, id } = this.#form;
    const match = /^((?:[1-9][0-9]? ){1,7}[1-9][0-9]?)=([1-9][0-9]{0,3}):$/.exec(prompt);
    const numbers = match?.[1].split(' ').map(Number);
    if (!match || numbers?.length !== count) {
      throw badConfig(
        'question',
        'The prompt is not a Countdown question',
        `The ${id} form asks like ${id === 'small' ? '3 5 7=26:' : '3 3 8 8=24:'} with numbers up to ${LARGEST_READ}.`,
      );
    }
    const target = Number(match[2]);
    const rules = { ...this.#form, minTarget: target, maxTarget: target };
    if (reachableTargets(numbers, rules).length === 0) {
      throw badConfig('question', `${listed(numbers)} cannot make ${target}`);
    }
    return ask({ numbers, target });
  }

  promptOfTitle(text: string): string | null {
    const [, target, list] = /^make (\d{1,4}) from ([^.]*)\.?$/i.exec(text) ?? [];
    const numbers = list === undefined ? null : readListed(list);
    return numbers && `${numbers.join(' ')}=${target}:`;
  }

  splitOf(question: Question<CountdownData>): Split | null {
    const { numbers, target } = question.data;
    const { minTarget, maxTarget } = this.#form;
    return target >= minTarget && target <= maxTarget ? splitOfNumbers(this.#form, numbers) : null;
  }

  clusterOf({ data: { numbers } }: Question<CountdownData>): string {
    return multisetKey(numbers);
  }

  /** The numbers may stand in any order. */
  sameAs({ data: { numbers, target } }: Question<CountdownData>): string {
    return `${multisetKey(numbers)}=${target}`;
  }

  expertAnswer(question: Question<CountdownData>): string {
    const solutions = this.#solutionsOf(question.data, 'any');
    return solutions[spreadHash(this.sameAs(question)) % solutions.length];
  }

  /** Tries that were given up. */
  reasoning(completion: string): string {
    return completion.slice(0, completion.lastIndexOf(';') + 1);
  }

  checkTraces(options: TraceOptions): void {
    requirePlain(options, 'is not for Countdown', 'Leave the setting out.');
  }

  expertTrace(
    question: Question<CountdownData>,
    random: RandomStream,
    options: TraceOptions = {},
  ): string {
    const { failedTries = DEFAULT_FAILED_TRIES, giveUp = 0, operands = 'any' } = options;
    const { misconceptions: { carry = 0 } = {} } = options;
    this.checkTraces(options);
    const { numbers, target } = question.data;
    const wanted = weightedIndex(failedTries, random.uniform());
    const tries: string[] = [];
    // Tries that hit the target or repeat one are drawn again, a bounded number of times.
    for (let draw = 0; tries.length < wanted && draw < 20 * wanted; draw++) {
      const { text, end } = randomTry(numbers, this.#form, operands, random);
      const hits = end.n === target && end.d === 1;
      if (!hits && !tries.includes(text)) tries.push(text);
    }
    const stops = giveUp > 0 && tries.length > 0 && random.uniform() < giveUp;
    if (!stops) {
      const solution = random.pick(this.#solutionsOf(question.data, operands));
      const forgets = () => random.uniform() < carry;
      tries.push(carry > 0 ? withoutCarries(solution, forgets, this.#form.fractions) : solution);
    }
    return tries.join(';');
  }

  verify(question: Question<CountdownData>, completion: string) {
    return verifyCountdown(question.data, completion, this.#form.fractions);
  }

  stepBoundaries(completion: string): number[] {
    return separatedSteps(completion);
  }

  #pool(split: Split): readonly CountdownData[] {
    let pool = this.#pools.get(split);
    if (pool === undefined) {
      pool = allQuestions(this.#form, split);
      this.#pools.set(split, pool);
    }
    return pool;
  }

  /** All solutions of a question, whatever the order of its numbers. */
  #solutionsOf(data: CountdownData, operands: Operands): readonly string[] {
    const numbers = data.numbers.toSorted((a, b) => a - b);
    const inRange = data.target >= this.#form.minTarget && data.target <= this.#form.maxTarget;
    const rules = inRange
      ? this.#form
      : { ...this.#form, minTarget: data.target, maxTarget: data.target };
    const key = `${numbers.join(',')}/${operands}/${inRange ? 'form' : data.target}`;
    let byTarget = this.#solutions.get(key);
    if (byTarget === undefined) {
      byTarget = allSolutions(numbers, rules, operands);
      if (this.#solutions.size >= MOST_KEPT) this.#solutions.clear();
      this.#solutions.set(key, byTarget);
    }
    const solutions = byTarget.get(data.target);
    if (solutions === undefined) {
      throw badConfig('question', `${listed(data.numbers)} cannot make ${data.target}`);
    }
    return solutions;
  }
}

export const countdown = defineTask({
  label: 'Countdown',
  description: 'Reach a target from a few numbers, each used once.',
  options: {
    form: choice({
      label: 'Form',
      help: 'Small: three of 1 to 9, whole numbers only. Classic: four of 1 to 13 to 24, fractions allowed.',
      options: [
        { value: 'small', label: 'Small: three numbers' },
        { value: 'classic', label: 'Classic: four numbers to 24' },
      ],
      default: 'small',
    }),
  },
  create: ({ form }) => new Countdown(FORMS[form]),
});
