import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** A run that fails, to know the look of it. */
export const collapse: Preset = {
  id: 'collapse',
  label: 'Collapse: the learning rate is too high',
  question: 'How does a run look that destroys its policy?',
  experiment: {
    steps: 100,
    objective: { ...countdownObjective, learning_rate: 1e-3 },
    rewards: countdownRewards,
  },
  reasons: {
    steps: 'ours: it is over soon.',
    'objective.learning_rate': 'ours: ten times the default, on purpose.',
    ...countdownReasons,
  },
  expectation:
    'Reward falls within some tens of steps and does not come back; entropy and gradient norm jump first.',
};
