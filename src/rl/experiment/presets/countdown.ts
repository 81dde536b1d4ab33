/** What the Countdown presets share, so that any two of them differ only in what they ask. */
import type { Differences } from './preset.ts';

export const countdownObjective = {
  loss_type: 'dr_grpo',
  num_generations: 16,
  prompts_per_step: 12,
  scale_rewards: 'none',
  learning_rate: 4e-4,
} as const satisfies Differences['method'];

export const countdownRewards = [
  { term: 'answer', weight: 1 },
  { term: 'format', weight: 0.1 },
] as const satisfies Differences['rewards'];

export const countdownReasons = {
  'method.loss_type': 'Dr. GRPO (paper): length alone earns nothing. TRL 1.13 would take dapo.',
  'method.scale_rewards':
    'Dr. GRPO (paper): none. Dividing by the group’s deviation makes the tenth for form a full-size advantage in a group without a right answer; the preset Collapse shows it.',
  'method.learning_rate':
    'ours: found in trials on this policy; small models bear far more than TRL 1.13’s 1e-6.',
  'method.num_generations':
    'ours: with 16 a group without signal is rare, and a step is steady enough for this rate.',
  'method.prompts_per_step': 'ours: with 16 completions each, 192 a step.',
  rewards: 'ours: a tenth for well-formed steps beside the exact answer.',
};
