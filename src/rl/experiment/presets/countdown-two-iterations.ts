import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default with two passes over each batch. */
export const countdownTwoIterations: Preset = {
  id: 'countdown-two-iterations',
  label: 'Countdown, two passes per batch',
  question: 'When does clipping do anything at all?',
  experiment: {
    method: { ...countdownObjective, num_iterations: 2 },
    rewards: countdownRewards,
  },
  reasons: {
    'method.num_iterations': 'ours: the least at which a ratio can leave 1. TRL 1.13 would take 1.',
    ...countdownReasons,
  },
  expectation:
    'The clip fractions, 0 in the one-pass presets, are above 0; each step does two updates. Seed 1 went from 33.8 to 40.7 % in fifty steps (43.4 % with one pass).',
  timed: { minutes: 3.9, steps: 12, adapter: 'Mesa llvmpipe, two quiet cores' },
};
