/**
 * Settings that several methods share, by the names of the GRPOConfig of TRL 1.13, so that a config can be carried over unchanged. Where a default is
 * not TRL's, `original` gives TRL's, and the help gives the reason. A method's own settings are in the method's file.
 */
import { choice, flag, nullable, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import type { Contradiction } from './method.ts';

/** What limits how far the policy moves: the settings of every loss with a ratio. */
export const clipping = headed('Objective', {
  epsilon: number({
    label: 'Clip below',
    help: 'The ratio is clipped at 1 minus this. It only matters when num_iterations is above 1: before that every ratio is 1.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.2,
    source: 'trl',
  }),
  epsilon_high: nullable({
    label: 'Clip above',
    help: 'The ratio is clipped at 1 plus this (DAPO uses 0.28). For cispo it is the largest weight itself (about 5).',
    min: 0,
    max: 10,
    step: 0.01,
    default: null,
    nullMeans: 'same as epsilon',
    source: 'trl',
  }),
  delta: nullable({
    label: 'Cap on the ratio',
    help: 'Caps the ratio also where the advantage is negative (two-sided clip). Must be above 1 + epsilon.',
    min: 1,
    exclusiveMin: true,
    max: 100,
    step: 0.1,
    default: null,
    nullMeans: 'off',
    source: 'trl',
  }),
  beta: number({
    label: 'KL weight',
    help: 'Weight of the k3 estimate of the divergence from the frozen starting policy. At 0 no reference is kept.',
    min: 0,
    max: 10,
    step: 0.001,
    default: 0,
    source: 'trl',
  }),
  use_bias_correction_kl: flag({
    label: 'Correct the KL',
    help: 'Multiplies the KL of a token by its ratio, slope included, which makes its gradient that of the true divergence. Ours is off, so that experiments of earlier builds mean what they meant. Without a KL weight it does nothing.',
    default: false,
    source: 'trl',
    original: true,
  }),
  entropy_coef: number({
    label: 'Entropy bonus',
    help: 'Weight of the mean entropy of a token (nats), added to what is maximised: the same for every loss. 0 is off.',
    min: 0,
    max: 1,
    step: 0.001,
    default: 0,
    source: 'trl',
  }),
  mask_truncated_completions: flag({
    label: 'Ignore truncated completions',
    help: 'Leaves completions that met the length limit out of the loss (DAPO advises it).',
    default: false,
    source: 'trl',
  }),
});

/** The questions of a step. */
export const questions = headed('Batch', {
  prompts_per_step: number({
    label: 'Questions per step',
    help: 'How many questions each step draws. A step makes this many times num_generations completions.',
    unit: 'questions',
    min: 1,
    max: 256,
    integer: true,
    default: 8,
  }),
});

/** How the policy is sampled, in training and in evaluations. */
export const sampling = headed('Sampling', {
  temperature: number({
    label: 'Temperature',
    help: 'Divides the logits when sampling, and in the loss. Below 1 is more certain, above 1 more varied.',
    min: 0,
    exclusiveMin: true,
    max: 5,
    step: 0.05,
    default: 1,
    source: 'trl',
  }),
  top_p: number({
    label: 'Top p',
    help: 'Samples from the smallest set of tokens whose probability reaches this. 1 is off.',
    min: 0,
    exclusiveMin: true,
    max: 1,
    step: 0.01,
    default: 1,
    source: 'trl',
  }),
  top_k: number({
    label: 'Top k',
    help: 'Samples from the k most likely tokens. 0 is off.',
    unit: 'tokens',
    min: 0,
    max: 1000,
    integer: true,
    default: 0,
    source: 'trl',
  }),
  min_p: nullable({
    label: 'Min p',
    help: 'Drops tokens less likely than this fraction of the most likely one.',
    min: 0,
    max: 1,
    step: 0.01,
    default: null,
    nullMeans: 'off',
    source: 'trl',
  }),
  max_completion_length: number({
    label: 'Longest completion',
    help: 'The token budget of a completion, end token included. Ours is short because the bundled tasks are; memory grows with it.',
    unit: 'tokens',
    min: 1,
    max: 1024,
    integer: true,
    default: 64,
    source: 'trl',
    original: 512,
  }),
});

/** AdamW and its schedule. */
export const optimiser = headed('Optimiser', {
  learning_rate: number({
    label: 'Learning rate',
    help: 'The size of an AdamW step. Models this small need about a hundred times more than large ones, and collapse a little above that.',
    min: 0,
    max: 0.1,
    scale: 'log',
    default: 1e-4,
    live: true,
    source: 'trl',
    original: 1e-6,
  }),
  lr_scheduler_type: choice({
    label: 'Schedule',
    help: 'How the learning rate goes over the steps. Ours stays constant, so that a longer run begins with the same steps as a shorter one.',
    options: [
      { value: 'constant', label: 'Constant' },
      { value: 'constant_with_warmup', label: 'Constant after warm-up' },
      { value: 'linear', label: 'Linear to 0' },
      { value: 'cosine', label: 'Cosine to 0' },
    ],
    default: 'constant',
    source: 'trl',
    original: 'linear',
  }),
  warmup_steps: number({
    label: 'Warm-up',
    help: 'Steps over which the learning rate rises from 0. Every schedule but constant has it.',
    unit: 'steps',
    min: 0,
    max: 10_000,
    integer: true,
    default: 0,
    source: 'trl',
  }),
  adam_beta1: number({
    label: 'Adam beta 1',
    help: 'Decay of the running mean of gradients.',
    min: 0,
    max: 0.9999,
    step: 0.01,
    default: 0.9,
    source: 'trl',
  }),
  adam_beta2: number({
    label: 'Adam beta 2',
    help: 'Decay of the running mean of squared gradients.',
    min: 0,
    max: 0.99999,
    step: 0.001,
    default: 0.999,
    source: 'trl',
  }),
  adam_epsilon: number({
    label: 'Adam epsilon',
    help: 'Added to the root of the second moment before dividing by it.',
    min: 0,
    exclusiveMin: true,
    max: 0.01,
    scale: 'log',
    default: 1e-8,
    source: 'trl',
  }),
  weight_decay: number({
    label: 'Weight decay',
    help: 'Decoupled decay of the weights, times the learning rate. Matrices decay; gains of norms and biases do not.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0,
    source: 'trl',
  }),
  max_grad_norm: number({
    label: 'Gradient clip',
    help: 'The gradient is scaled down to this global norm where it is longer.',
    min: 0,
    exclusiveMin: true,
    max: 1000,
    scale: 'log',
    default: 1,
    source: 'trl',
  }),
});

/** How numbers are stored. */
export const precision = headed('Half precision', {
  fp16: flag({
    label: 'Store in 16 bits',
    help: 'Stores most activations, caches and the weights of receivers on Baton’s own kernels as 16-bit floats, in half the memory. Every sum, the weights that are trained, gradients and moments stay 32-bit, so no loss scaling is needed; a number above 65,504 stops the step.',
    default: false,
    source: 'trl',
  }),
});

/** What every method has. */
export const common = { ...questions, ...sampling, ...optimiser, ...precision };

/** Rules between the settings of `clipping`. */
export function clippingContradictions(settings: {
  readonly delta: number | null;
  readonly epsilon: number;
}): Contradiction[] {
  const { delta, epsilon } = settings;
  if (delta === null || delta > 1 + epsilon) return [];
  const allowed = `above 1 + epsilon (${1 + epsilon}), or null (off)`;
  return [{ key: 'delta', message: `is ${delta}; allowed is ${allowed}` }];
}

/** Rules between the settings of `optimiser`. */
export function scheduleContradictions(settings: {
  readonly warmup_steps: number;
  readonly lr_scheduler_type: string;
}): Contradiction[] {
  const { warmup_steps: warmup, lr_scheduler_type: schedule } = settings;
  if (warmup === 0 || schedule !== 'constant') return [];
  const why = 'the constant schedule has no warm-up: allowed is 0, or choose constant_with_warmup';
  return [{ key: 'warmup_steps', message: `is ${warmup}; ${why}` }];
}
