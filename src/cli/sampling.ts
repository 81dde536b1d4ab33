/** A loaded model on the GPU that writes completions: shared by `generate` and `eval`. */
import { badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { SamplingSettings } from '../kernels/sample/sample.ts';
import { Generator } from '../model/generate.ts';
import { Learner } from '../model/learner.ts';
import type { LoadedModel } from '../model/load.ts';
import { badOption, number } from './options.ts';

/** Most sequences at once: enough to keep an adapter busy, few enough for its memory. */
const SEQUENCES = 256;

/** Default token budget, if the model has room for it; the same as that of experiments. */
const BUDGET = 64;

/** Options for sampling. */
export const SAMPLING_OPTIONS = {
  samples: number('Completions of each prompt.', 8, { min: 1, max: 1024 }),
  seed: number('The seed of all random numbers.', 1, { min: 0, max: 4_294_967_295 }),
  temperature: number('Divides the logits; 0 takes the most likely token.', 1, {
    min: 0,
    max: 100,
    integer: false,
  }),
  'top-k': number('Keeps the k most likely tokens; 0 is off.', 0, { min: 0, max: 1000 }),
  'top-p': number('Keeps the fewest tokens whose probability reaches p; 1 is off.', 1, {
    min: 0,
    max: 1,
    integer: false,
    aboveMin: true,
  }),
  'min-p': number('Drops tokens less likely than this share of the most likely one.', 0, {
    min: 0,
    max: 1,
    integer: false,
  }),
  'max-completion-length': number(
    `Token budget of a completion, end token included; by default ${BUDGET}, or as many as the model has room for.`,
    undefined,
    { min: 1, max: 1024 },
  ),
};

/** The sampler's settings from the options. */
export function samplingOf(
  values: {
    readonly temperature: number;
    readonly 'top-k': number;
    readonly 'top-p': number;
    readonly 'min-p': number;
  },
  greedy = false,
): SamplingSettings {
  return {
    temperature: values.temperature || 1,
    topK: values['top-k'],
    topP: values['top-p'],
    minP: values['min-p'],
    greedy: greedy || values.temperature === 0,
  };
}

function longestOf(prompts: readonly (readonly number[])[]): number {
  return prompts.reduce((most, prompt) => Math.max(most, prompt.length), 0);
}

/**
 * The token budget of a completion: as requested, or else what fits after the longest prompt, up to the default.
 * @throws BatonError BadConfig on `--max-completion-length` if the model has no room
 */
export function budgetFor(
  model: LoadedModel,
  prompts: readonly (readonly number[])[],
  asked: number | undefined,
): number {
  const room = model.config.max_position_embeddings - longestOf(prompts);
  const budget = asked ?? Math.max(1, Math.min(BUDGET, room));
  positionsFor(model, prompts, budget);
  return budget;
}

/**
 * Checks that the longest prompt and the budget fit the model.
 * @returns length of the longest sequence
 * @throws BatonError BadConfig on `--max-completion-length`
 */
function positionsFor(
  model: LoadedModel,
  prompts: readonly (readonly number[])[],
  budget: number,
): number {
  const longest = longestOf(prompts);
  const most = model.config.max_position_embeddings;
  if (longest + budget > most) {
    throw badOption(
      'max-completion-length',
      `is ${budget}; after a prompt of ${longest} tokens this model has room for ${Math.max(0, most - longest)}`,
      'Nothing was sampled. Allow fewer tokens, or shorten the prompt.',
    );
  }
  return longest + budget;
}

/** Opens a generator with room for these prompts, does the work, and frees it. @throws BatonError OutOfMemory */
export async function withGenerator<T>(
  gpu: Gpu,
  model: LoadedModel,
  prompts: readonly (readonly number[])[],
  { samples, budget }: { readonly samples: number; readonly budget: number },
  work: (generator: Generator) => Promise<T>,
): Promise<T> {
  const positions = positionsFor(model, prompts, budget);
  const sequences = Math.max(samples, Math.min(SEQUENCES, samples * prompts.length));
  const policy = await Learner.create(gpu, model.layout, {
    tokens: 64,
    positions,
    temperature: 1,
    train: false,
  });
  try {
    policy.setParameters(model.parameters);
    const generator = await Generator.create(gpu, model.layout, policy.parameters, policy.rope, {
      sequences,
      promptTokens: Math.floor(sequences / samples) * (positions - budget),
      positions,
      budget,
    });
    try {
      return await work(generator);
    } finally {
      generator.destroy();
    }
  } finally {
    policy.destroy();
  }
}

/** Verdicts written at once. The number changes none of them. */
const VERDICTS_AT_ONCE = 64;

interface CriticRoom {
  /** Most tokens of its prompts; longer ones than the model has room for are left out by whoever writes them. */
  readonly longest: number;
  /** Most tokens of a verdict with its reasoning, and the setting or option that says so. */
  readonly budget: number;
  readonly field: string;
}

/**
 * The same for a critic, whose prompts come from answers that are not yet there.
 * @throws BatonError BadConfig on `field` where a verdict alone fills the model; OutOfMemory
 */
export async function withCritic<T>(
  gpu: Gpu,
  model: LoadedModel,
  { longest, budget, field }: CriticRoom,
  work: (generator: Generator) => Promise<T>,
): Promise<T> {
  const positions = model.config.max_position_embeddings;
  const room = positions - budget;
  if (room < 1) {
    const message = `${field} is ${budget}; the model has ${positions} positions, for the pair too`;
    throw badConfig(field, message, 'Nothing was judged. Allow shorter verdicts.');
  }
  const prompt = new Array<number>(Math.min(longest, room)).fill(0);
  const prompts = Array.from({ length: VERDICTS_AT_ONCE }, () => prompt);
  return withGenerator(gpu, model, prompts, { samples: 1, budget }, work);
}
