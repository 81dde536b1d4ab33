/** How much room a run needs: positions, sequences, and tokens. */
import { badConfig } from '../../errors.ts';
import type { LearnerOptions } from '../../model/learner-buffers.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Experiment } from '../experiment/schema.ts';
import { methodOf } from '../methods/index.ts';
import type { LearnerNeed, Needs } from '../methods/method.ts';
import { SPLITS, type Task } from '../tasks/task.ts';

/** Rows of a micro-batch are rounded up to a multiple of this. */
export const TOKEN_BUCKET = 256;
/** How many questions are searched for the longest prompt, and how many tokens are spare for a longer one. */
const PROMPT_PROBES = 512;
const PROMPT_SPARE = 8;

export interface Room {
  /** Most tokens of a prompt and its completion. */
  readonly positions: number;
  /** Most completions at once. */
  readonly sequences: number;
  /** Most tokens of all distinct prompts at once. */
  readonly promptTokens: number;
  /** Most tokens of a completion. */
  readonly budget: number;
  /** Most tokens of what one micro-batch has to hold: an example, or a pair of them. */
  readonly unit: number;
  /** Whether that is a pair. */
  readonly pairs: boolean;
}

/**
 * @param question tokens of the longest question (`longestPrompt`)
 * @param most positions that the policy has
 * @throws BadConfig when prompts and completions do not fit them
 */
export function roomFor(
  experiment: Experiment,
  question: number,
  tokenizer: Tokenizer,
  most: number,
): Room {
  const { completions, needs } = methodOf(experiment.method);
  const asks = requireRoom(experiment, question, tokenizer, most);
  const positions = Math.max(...asks.map(({ prompt, budget }) => prompt + budget));
  const prompt = Math.max(...asks.map((ask) => ask.prompt));
  const { pairs = false } = needs;
  return {
    positions,
    sequences: completions,
    promptTokens: completions * (needs.continues ? positions : prompt),
    budget: Math.max(...asks.map(({ budget }) => budget)),
    unit: pairs ? 2 * positions : positions,
    pairs,
  };
}

const QUESTIONS = 'Questions';

type Encoder = Pick<Tokenizer, 'encode'>;

/**
 * What the policy and other learners are asked.
 * @param question tokens of the longest question
 * @param most positions that the policy has
 * @throws BadConfig on the setting that is the budget of what does not fit, with the number that would
 */
export function requireRoom(
  experiment: Experiment,
  question: number,
  tokenizer: Encoder,
  most: number,
): readonly Ask[] {
  const { needs } = methodOf(experiment.method);
  const asks = asksOf(experiment, needs, question, tokenizer);
  for (const { who, prompt, budget, setting } of asks) {
    if (prompt + budget <= most) continue;
    const left = most - prompt;
    throw badConfig(
      `method.${setting}`,
      `${who} of up to ${prompt} tokens and ${budget} more do not fit this policy's ${most} positions`,
      left > 0 && (who === QUESTIONS || setting !== COMPLETION)
        ? `At most ${left} fit.`
        : 'Allow shorter completions.',
    );
  }
  return asks;
}

interface Ask {
  readonly who: string;
  /** Most tokens of the prompt and of what is written after it, and the setting that says how many. */
  readonly prompt: number;
  readonly budget: number;
  readonly setting: string;
}

const COMPLETION = 'max_completion_length';

/** What the policy and other learners are asked: most tokens of a prompt and of its completion, for the task and for each further role. */
function asksOf(
  { method }: Experiment,
  { roles = {} }: Needs,
  question: number,
  tokenizer: Encoder,
): Ask[] {
  const completion = method.max_completion_length;
  const count = (text: string) => tokenizer.encode(text).length;
  return [
    {
      ...{ who: QUESTIONS, prompt: question + PROMPT_SPARE },
      ...{ budget: completion, setting: COMPLETION },
    },
    ...Object.entries(roles).map(
      ([name, { prompt, budget = completion, setting = COMPLETION }]) => ({
        who: `Prompts of the ${name}`,
        prompt: prompt({ question: question + PROMPT_SPARE, completion, count }),
        ...{ budget, setting },
      }),
    ),
  ];
}

/** Longest prompts by what decides them: it takes a thousand questions and more to find one. */
const found = new WeakMap<Encoder, Map<string, number>>();
/** Most of one tokenizer. */
const MOST_FOUND = 64;

/** The longest prompt among the first questions of the splits that a run draws from, in tokens. @param task the experiment's */
export function longestPrompt(experiment: Experiment, task: Task, tokenizer: Encoder): number {
  const { evaluation, seed } = experiment;
  const known = found.get(tokenizer) ?? new Map<string, number>();
  found.set(tokenizer, known);
  const key = JSON.stringify([experiment.task, seed, evaluation.ood]);
  const before = known.get(key);
  if (before !== undefined) return before;
  const splits = evaluation.ood ? SPLITS : SPLITS.filter((split) => split !== 'ood');
  let longest = 0;
  for (const split of splits) {
    for (let i = 0; i < PROMPT_PROBES; i++) {
      const { prompt } = task.question(split, i, seed);
      longest = Math.max(longest, tokenizer.encode(prompt, { addSpecial: true }).length);
    }
  }
  if (known.size >= MOST_FOUND) known.clear();
  known.set(key, longest);
  return longest;
}

/** The options of a learner that a method asks for. */
export function learnerOptions(
  { temperature, fp16 }: { readonly temperature: number; readonly fp16: boolean },
  { scalar, tokenHead, frozen = false, renewed = false }: LearnerNeed,
  size: Pick<LearnerOptions, 'tokens' | 'positions'>,
  snapshots: 1 | 2,
): LearnerOptions {
  return {
    ...{ ...size, temperature, fp16, train: !frozen && !renewed, snapshots },
    ...(scalar && { scalar }),
    ...(tokenHead !== undefined && { tokenHead }),
  };
}
