/**
 * The settings of the objective, the optimiser and the sampler, by the names of TRL's GRPOConfig, so that a config moves over
 * unchanged. Where a default is not TRL's, `original` says what TRL's is; the reason stands in the help. What PPO has beside or
 * in place of GRPO's settings stands in ppo-settings.ts; both algorithms are variants of one part, and share the rest.
 */
import { choice, flag, nullable, number } from './field.ts';
import { ppoSettings } from './ppo-settings.ts';
import { headed, variants } from './structure.ts';

const grpoLoss = headed('Objective', {
  loss_type: choice({
    label: 'Loss',
    help: 'How token losses become one number. grpo: mean over completions of their token mean; bnpo and dapo: mean over all tokens of the batch; dr_grpo: sum over tokens divided by the longest allowed length, so length earns nothing; gspo: one ratio per completion; cispo: the clipped ratio is a fixed weight on the log-probability.',
    options: [
      { value: 'grpo', label: 'GRPO' },
      { value: 'bnpo', label: 'BNPO' },
      { value: 'dapo', label: 'DAPO' },
      { value: 'dr_grpo', label: 'Dr. GRPO' },
      { value: 'gspo', label: 'GSPO' },
      { value: 'cispo', label: 'CISPO' },
    ],
    default: 'dapo',
    source: 'trl',
  }),
  scale_rewards: choice({
    label: 'Scale advantages by',
    help: 'What an advantage is divided by, after the group mean is taken off: the standard deviation of its group, of the whole batch, or nothing (Dr. GRPO).',
    options: [
      { value: 'group', label: 'Group deviation' },
      { value: 'batch', label: 'Batch deviation' },
      { value: 'none', label: 'Nothing' },
    ],
    default: 'group',
    source: 'trl',
  }),
  importance_sampling_level: choice({
    label: 'Ratio per',
    help: 'Whether the policy ratio is taken per token or once per completion. The loss gspo always takes it per completion.',
    options: [
      { value: 'token', label: 'Token' },
      { value: 'sequence', label: 'Completion' },
    ],
    default: 'token',
    source: 'trl',
  }),
});

const loss = headed('Objective', {
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
  entropy_coef: number({
    label: 'Entropy bonus',
    help: 'Weight of the mean token entropy, added to what is maximised. 0 is off.',
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

const grpoBatch = headed('Batch', {
  num_generations: number({
    label: 'Completions per question',
    help: 'The group size G. Advantages compare the completions of one group, so at least 2.',
    unit: 'completions',
    min: 2,
    max: 128,
    integer: true,
    default: 8,
    source: 'trl',
  }),
  num_iterations: number({
    label: 'Passes per batch',
    help: 'Optimiser passes over each batch of completions. From the second pass on the ratio leaves 1 and clipping works.',
    unit: 'passes',
    min: 1,
    max: 16,
    integer: true,
    default: 1,
    source: 'trl',
  }),
});

const batch = headed('Batch', {
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

const sampling = headed('Sampling', {
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

const optimiser = headed('Optimiser', {
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
    help: 'Decoupled decay of the weights, times the learning rate.',
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

const precision = headed('Half precision', {
  fp16: flag({
    label: 'Store in 16 bits',
    help: 'Stores most activations, caches and the weights of receivers on Baton’s own kernels as 16-bit floats, in half the memory. Every sum, the weights that are trained, gradients and moments stay 32-bit, so no loss scaling is needed; a number above 65,504 stops the step.',
    default: false,
    source: 'trl',
  }),
});

const shared = { ...loss, ...batch, ...sampling, ...optimiser, ...precision };

/** The `objective` part of an experiment. */
export const objectiveSettings = variants(
  'algorithm',
  {
    label: 'Algorithm',
    help: 'How completions become advantages. GRPO compares the completions of one question; PPO learns a value of every token’s state and compares with that.',
    group: 'Objective',
    default: 'grpo',
  },
  {
    grpo: { label: 'GRPO', options: { ...grpoLoss, ...grpoBatch, ...shared } },
    ppo: { label: 'PPO', options: { ...ppoSettings, ...shared } },
  },
);
