/** What the presets with dialects share: long sums of small numbers, one update a step, and receivers that read digits only. */
import type { Differences } from './preset.ts';

export const dialectTask = {
  id: 'chain',
  min_terms: 6,
  max_terms: 8,
  largest_term: 9,
  answer_apart: true,
} as const satisfies Differences['task'];

export const dialectMethod = {
  loss_type: 'dr_grpo',
  scale_rewards: 'none',
  num_generations: 8,
  prompts_per_step: 8,
  learning_rate: 2e-4,
  max_completion_length: 80,
} as const satisfies Differences['method'];

/** Finishes answers while the policy learns. It has seen the public dialect only. */
export const PUBLIC_RECEIVER = 'receivers/chain-public';

export const dialectEvaluation = {
  every: 20,
  prompts: 32,
  receivers: 'receivers/chain-public-deep',
} as const satisfies Differences['evaluation'];

export const dialectReasons = {
  task: 'ours: six to eight numbers, so that an answer has steps to be cut between, and the answer apart, so that the verifier does not care how they are written.',
  'method.loss_type': 'Dr. GRPO (paper): length alone earns nothing. TRL 1.13 would take dapo.',
  'method.scale_rewards': 'Dr. GRPO (paper): none, so that luck in a group is not made full-size.',
  'method.learning_rate':
    'ours: twice the default, so that a class sees the end. At half the rate the same comes in twice the steps.',
  'method.max_completion_length': 'ours: the longest answer has 66 tokens.',
  'evaluation.every': 'ours: the evaluation hands answers over, which takes time.',
  'evaluation.prompts': 'ours: as above.',
  'evaluation.receivers':
    'ours: a receiver of other seed and size that takes no part in training. Whoever is trained with is no measure.',
};
