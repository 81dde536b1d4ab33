import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default: the smallest policy, on any adapter. */
export const countdownGrpo: Preset = {
  id: 'countdown-grpo',
  label: 'Countdown, GRPO',
  question:
    'Can a model of 0.2 M parameters learn to reach the target more often, from rewards alone?',
  experiment: { steps: 100, method: countdownObjective, rewards: countdownRewards },
  reasons: {
    steps:
      'ours: the climb shows in the first fifty; a software adapter does a hundred in some minutes.',
    ...countdownReasons,
  },
  expectation:
    'The answer reward and held-out accuracy climb together, most of it in the first fifty steps; pass@8 falls a little.',
  measured: {
    before: { accuracy: [0.338, 0.336, 0.364] },
    after: { accuracy: [0.453, 0.493, 0.457] },
    seeds: [1, 2, 3],
    minutes: 4,
    adapter: 'Mesa llvmpipe, two cores shared with other work',
  },
};
