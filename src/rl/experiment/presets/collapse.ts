import { countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** A run that fails, to know the look of it. */
export const collapse: Preset = {
  id: 'collapse',
  label: 'Collapse: the tenth for form, scaled to full size',
  question: 'How does a run look that destroys its policy?',
  experiment: {
    steps: 100,
    method: { loss_type: 'dr_grpo', learning_rate: 1e-3 },
    rewards: countdownRewards,
  },
  reasons: {
    steps: 'ours: it is over soon.',
    'method.loss_type': countdownReasons['method.loss_type'],
    'method.learning_rate': 'ours: more than twice the other presets’, on purpose.',
    rewards:
      'ours: scale_rewards stays at group, so in a group without a right answer the tenth for form becomes a full-size advantage.',
  },
  expectation:
    'Answers get short and well formed, and wrong: the format reward goes to 1 while the answer reward falls and does not come back.',
  timed: { minutes: 0.9, steps: 12, adapter: 'Mesa llvmpipe, two quiet cores' },
};
