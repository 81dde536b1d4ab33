/** What the Countdown presets share, so that any two of them differ only in what they ask. */
import type { Differences } from './preset.ts';

export const countdownObjective = {
  loss_type: 'dr_grpo',
  num_generations: 16,
  prompts_per_step: 12,
} as const satisfies Differences['objective'];

export const countdownRewards = [
  { term: 'answer', weight: 1 },
  { term: 'format', weight: 0.1 },
] as const satisfies Differences['rewards'];

export const countdownReasons = {
  'objective.loss_type':
    'Dr. GRPO (paper): length alone earns nothing. TRL would take dapo. scale_rewards stays at TRL’s group; the paper would take none.',
  'objective.num_generations': 'ours: 16 make a group without signal rarer than TRL’s 8 do.',
  'objective.prompts_per_step': 'ours: with 16 completions each, 192 a step.',
  rewards: 'ours: a tenth for well-formed steps beside the exact answer.',
};
