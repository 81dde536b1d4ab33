/**
 * Hops: follow facts in a small knowledge base that each question brings along. Prompt `a>c,b>d,c>f,f>b;>>a:`, completion `a>c,c>f;f`.
 * It stands for questions whose answer takes several facts, most of which are beside the point.
 *
 * The letter after the semicolon is the answer and alone is right or wrong; well formed is an answer with a step for each hop. A prompt has
 * four characters a fact and one a hop: with the default settings at most 33, and 38 out of distribution.
 *
 * Splits: a fixed fifth of the paths (the letters from the start to the answer) is `test`, whatever facts stand beside them; `ood` has one hop
 * more than was ever trained on. So no right answer with its steps that is asked for in one split was ever learned in another.
 */
import { badConfig } from '../../errors.ts';
import { number } from '../experiment/field.ts';
import { type RandomStream, randomStream } from '../random.ts';
import {
  type BaseSize,
  drawBase,
  drawPath,
  type HopsData,
  pathOf,
  readHops,
  withinLetters,
  writeHops,
} from './hops-base.ts';
import { HOPS_MISCONCEPTIONS, hopsTrace } from './hops-trace.ts';
import { verifyHops } from './hops-verify.ts';
import { requirePlain } from './plain-traces.ts';
import { heldOutText } from './split.ts';
import { listed, separatedSteps } from './step-text.ts';
import {
  defineTask,
  type Question,
  type Split,
  type Task,
  type TraceOptions,
  type Verdict,
} from './task.ts';

const MOST_HOPS = 6;

interface Settings extends BaseSize {
  readonly least: number;
  readonly most: number;
}

function ask(data: HopsData): Question<HopsData> {
  const hops = data.hops === 1 ? '1 hop' : `${data.hops} hops`;
  const facts = listed(data.facts.map(([from, to]) => `${from}>${to}`));
  return { prompt: writeHops(data), title: `${hops} from ${data.start}, with ${facts}`, data };
}

class Hops implements Task<HopsData> {
  readonly id = 'hops';
  readonly label = 'Hops';
  readonly description: string;
  readonly legend =
    '`a>c` is a fact: from a one comes to c. In the question `>>a` asks where two hops from a lead, one `>` a hop. An answer lists the facts it follows, with `,` between them; the letter after `;` is the answer.';
  /** The answer starts after the colon; everything before it is the question. */
  readonly emptyPrompt = ':';
  readonly misconceptions = HOPS_MISCONCEPTIONS;
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { least, most, distractors, letters } = settings;
    const hops = least === most ? `${least}` : `${least} to ${most}`;
    this.description = `Follow ${hops} ${most === 1 ? 'fact' : 'facts'} about ${letters} letters, with ${distractors} more beside the point.`;
  }

  question(split: Split, index: number, seed: number): Question<HopsData> {
    const { least, most, distractors, letters } = this.#settings;
    const kind = `${least}-${most}-${distractors}-${letters}`;
    const random = randomStream(seed, `task/hops/${kind}/${split}`, index);
    const hops = split === 'ood' ? most + 1 : least + random.below(most - least + 1);
    // One path in five is held out, so this ends after a few.
    for (;;) {
      const path = drawPath(random, hops, this.#settings);
      if (this.#splitOfPath(path) === split) return ask(drawBase(random, path, this.#settings));
    }
  }

  readQuestion(prompt: string): Question<HopsData> {
    return ask(readHops(prompt));
  }

  splitOf({ data }: Question<HopsData>): Split | null {
    const { distractors, letters } = this.#settings;
    const drawn = data.facts.length === data.hops + distractors && withinLetters(data, letters);
    return drawn ? this.#splitOfPath(pathOf(data)) : null;
  }

  clusterOf({ data }: Question<HopsData>): string {
    return pathOf(data).join('>');
  }

  /** The facts may be told in any order. */
  sameAs({ data }: Question<HopsData>): string {
    return writeHops({ ...data, facts: data.facts.toSorted(([a], [b]) => (a < b ? -1 : 1)) });
  }

  /** It brings its semicolon along. */
  expertAnswer({ data }: Question<HopsData>): string {
    return `;${pathOf(data)[data.hops]}`;
  }

  reasoning(completion: string): string | null {
    const at = completion.lastIndexOf(';');
    return at < 0 ? null : completion.slice(0, at);
  }

  checkTraces(options: TraceOptions): void {
    requirePlain(options, 'is not for Hops', 'Leave the setting out.');
  }

  expertTrace(
    { data }: Question<HopsData>,
    random: RandomStream,
    options: TraceOptions = {},
  ): string {
    if (options.failedTries?.slice(1).some((weight) => weight !== 0)) {
      throw badConfig('failedTries', 'Hops have no failed tries', 'Leave the setting out.');
    }
    this.checkTraces(options);
    return hopsTrace(data, random, options);
  }

  verify({ data }: Question<HopsData>, completion: string): Verdict {
    return verifyHops(data, completion);
  }

  stepBoundaries(completion: string): number[] {
    return separatedSteps(completion);
  }

  /** Paths that come back to a letter are never asked. */
  #splitOfPath(path: readonly string[]): Split | null {
    const { least, most } = this.#settings;
    const hops = path.length - 1;
    if (new Set(path).size < path.length) return null;
    if (hops === most + 1) return 'ood';
    if (hops < least || hops > most) return null;
    return heldOutText(`hops:${path.join('>')}`) ? 'test' : 'train';
  }
}

const hopsRange = { min: 1, max: MOST_HOPS, integer: true, step: 1, unit: 'hops' } as const;

export const hops = defineTask({
  label: 'Hops',
  description: 'Facts are followed one after the other in a small knowledge base.',
  options: {
    min_hops: number({
      label: 'Fewest hops',
      help: 'The fewest facts that lead to an answer.',
      ...hopsRange,
      default: 2,
    }),
    max_hops: number({
      label: 'Most hops',
      help: 'The most facts that lead to an answer. Out-of-distribution questions have one more.',
      ...hopsRange,
      default: 3,
    }),
    distractor_facts: number({
      label: 'Distractors',
      help: 'Facts in a question that do not lead to the answer.',
      min: 0,
      max: 16,
      integer: true,
      step: 1,
      unit: 'facts',
      default: 4,
    }),
    letters: number({
      label: 'Letters',
      help: 'How many letters of the alphabet facts are about: at least as many as an out-of-distribution question has facts.',
      min: 8,
      max: 26,
      integer: true,
      step: 1,
      unit: 'letters',
      default: 12,
    }),
  },
  create: ({ min_hops: least, max_hops: most, distractor_facts: distractors, letters }) => {
    if (least > most) {
      throw badConfig('task.min_hops', `Fewest hops is ${least}, most hops ${most}`);
    }
    const needed = most + 1 + Math.max(1, distractors);
    if (letters < needed) {
      throw badConfig(
        'task.letters',
        `${most + 1} hops and ${distractors} distractors take ${needed} letters, and there are ${letters}`,
        'Take more letters, or fewer hops or distractors.',
      );
    }
    return new Hops({ least, most, distractors, letters });
  },
});
