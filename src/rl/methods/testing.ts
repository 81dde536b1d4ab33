/** A step for tests of methods: a script answers, and what is to be learned is kept with its loss. No model. */
import {
  characterTokenizerConfigJson,
  characterTokenizerJson,
} from '../../model/character-tokenizer.ts';
import { parseModelConfig } from '../../model/config.ts';
import { loadTokenizer } from '../../model/tokenizer.ts';
import { parseExperiment } from '../experiment/schema.ts';
import type { Example } from '../learn/example.ts';
import { flat } from '../learn/learn.ts';
import type { Completion } from '../rewards/reward.ts';
import { createTask, type TaskConfig } from '../tasks/index.ts';
import type { Question } from '../tasks/task.ts';
import { methodOf } from './index.ts';
import type { Step, StepReport } from './method.ts';

const model = parseModelConfig(
  {
    ...{ model_type: 'llama', vocab_size: 64, hidden_size: 16, num_hidden_layers: 1 },
    ...{ num_attention_heads: 2, intermediate_size: 32, max_position_embeddings: 128 },
    ...{ bos_token_id: 1, eos_token_id: 2 },
  },
  'model',
);
export const tokenizer = loadTokenizer(
  characterTokenizerJson(),
  characterTokenizerConfigJson(128),
  model,
);

/** Sums whose answers stand apart. */
export const APART: TaskConfig = {
  ...{ id: 'chain', min_terms: 2, max_terms: 4, largest_term: 9, answer_apart: true },
};

/** A completion of a question, or of another prompt about it. */
export function completionOf(
  question: Question,
  text: string,
  { group = 0, role = 'solver', prompt = question.prompt, truncated = false } = {},
): Completion {
  const completionIds = [...tokenizer.encode(text), ...(truncated ? [] : [2])];
  return {
    ...{ role, question, group, text, truncated, completionIds },
    ...(prompt !== question.prompt && { prompt }),
    promptIds: tokenizer.encode(prompt, { addSpecial: true }),
    logprobs: completionIds.map(() => LOGP),
  };
}

/** Every token's log-probability under the policy that learns. */
export const LOGP = -0.5;

interface Lesson {
  readonly examples: readonly Example[];
  readonly loss: number;
  /** dLoss/dlogp per example. */
  readonly slopes: readonly (readonly number[])[];
}

interface Played {
  readonly report: StepReport;
  readonly lessons: readonly Lesson[];
  /** The copies that the step renewed. */
  readonly renewed: readonly string[];
}

/**
 * Plays one step of an experiment's method.
 * @param means what the step asks for beyond learning; a call of anything else fails
 * @throws Error where the experiment is refused
 */
export async function playStep(
  experiment: { readonly task: TaskConfig; readonly method: object },
  means: Partial<Step>,
): Promise<Played> {
  const parsed = parseExperiment({ policy: 'policies/chain-dialects', steps: 9, ...experiment });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const task = createTask(experiment.task);
  const lessons: Lesson[] = [];
  const renewed: string[] = [];
  const step: Partial<Step> = {
    ...{ index: 0, steps: 9, seed: 1, task, tokenizer, sampleGroups: 1, positions: 128 },
    verdicts: (all) => all.map(({ question, text }) => task.verify?.(question, text) ?? null),
    rate: (peak) => peak,
    renew: async (name) => {
      renewed.push(name);
    },
    learn: async (examples, loss) => {
      const lesson = learnt(examples, loss);
      lessons.push(lesson);
      const logprobs = examples.map(({ completion: c }) => new Float32Array(c.length).fill(LOGP));
      return { updates: [{ gradNorm: 1, finite: true }], logprobs };
    },
    ...means,
  };
  const report = await methodOf(parsed.experiment.method).step(step as Step);
  return { report, lessons, renewed };
}

/** The loss on examples whose tokens are all as likely. */
function learnt(examples: readonly Example[], loss: Parameters<Step['learn']>[1]): Lesson {
  let total = 0;
  const spans = examples.map(({ completion: { length } }) => {
    total += length;
    return { start: total - length, length };
  });
  const { loss: value, coefficients = [] } = loss(examples)({
    ...{ examples, spans, column: (name) => flat(examples, name) },
    ...{ logp: new Float64Array(total).fill(LOGP), entropy: new Float64Array(total) },
    values: new Float64Array(total),
  });
  const slopes = spans.map(({ start, length }) =>
    Array.from(coefficients).slice(start, start + length),
  );
  return { examples, loss: value, slopes };
}
