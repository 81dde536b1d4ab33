import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default where there is a GPU. */
export const countdownMicro: Preset = {
  id: 'countdown-micro',
  label: 'Countdown, larger policy',
  question: 'Does a policy four times as large start better, and still climb?',
  experiment: {
    policy: 'policies/countdown-micro',
    method: countdownObjective,
    rewards: countdownRewards,
  },
  reasons: {
    policy: 'ours: the larger bundled policy.',
    ...countdownReasons,
  },
  expectation:
    'Starts higher than the small policy and climbs: held-out accuracy went from 38.8 to 46.1 % and from 41.1 to 46.4 % in the first fifty steps of seeds 1 and 2. A step takes several times as long.',
  timed: { minutes: 8.2, steps: 12, adapter: 'Mesa llvmpipe, two quiet cores' },
};
