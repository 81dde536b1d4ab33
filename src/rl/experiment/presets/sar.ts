/** What the presets with the self-aligned reward share: the settings of its official code, scaled to a policy of 0.2 M parameters. */
import type { Differences } from './preset.ts';

export const sarObjective = {
  loss_type: 'dr_grpo',
  scale_rewards: 'none',
  beta: 0.001,
  learning_rate: 4e-4,
} as const satisfies Differences['method'];

export const sarReasons = {
  'method.loss_type': 'SAR (code): sums over tokens, divided by the longest length.',
  'method.beta': 'SAR (code): 0.001, the k3 estimate.',
  'method.learning_rate':
    'ours: what the Countdown presets take. SAR (code) takes 1e-6, for a model ten thousand times as large.',
};
