import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default where there is a GPU. */
export const countdownMicro: Preset = {
  id: 'countdown-micro',
  label: 'Countdown, larger policy',
  question: 'Does a policy four times as large start better, and still climb?',
  experiment: {
    policy: 'policies/countdown-micro',
    objective: { ...countdownObjective, num_generations: 16, prompts_per_step: 12 },
    rewards: countdownRewards,
  },
  reasons: {
    policy: 'ours: the larger bundled policy.',
    'objective.num_generations':
      'ours: a GPU has room for 16, and a group without signal is rarer.',
    'objective.prompts_per_step': 'ours: with 16 completions each, 192 a step.',
    ...countdownReasons,
  },
  expectation:
    'Starts higher than the small policy and climbs; a step takes several times as long.',
};
