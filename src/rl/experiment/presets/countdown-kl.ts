import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default with a frozen reference. */
export const countdownKl: Preset = {
  id: 'countdown-kl',
  label: 'Countdown, held by a reference',
  question: 'What does a penalty for leaving the starting policy cost, and what does it prevent?',
  experiment: {
    method: { ...countdownObjective, beta: 0.04 },
    rewards: countdownRewards,
  },
  reasons: {
    'method.beta': 'DeepSeekMath (paper): 0.04. TRL 1.13 would take 0, without a reference.',
    ...countdownReasons,
  },
  expectation:
    'The KL curve stays lower than without the penalty; accuracy climbs no faster. Seed 1 went from 33.8 to 44.5 % in fifty steps (43.4 % without the penalty).',
  timed: { minutes: 3.4, steps: 12, adapter: 'Mesa llvmpipe, two quiet cores' },
};
