import { countdownObjective, countdownReasons, countdownRewards } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The default with the first GRPO's aggregation. */
export const countdownLengthNormalised: Preset = {
  id: 'countdown-length-normalised',
  label: 'Countdown, mean over each completion',
  question: 'Does dividing by each completion’s own length change how long completions become?',
  experiment: {
    method: { ...countdownObjective, loss_type: 'grpo' },
    rewards: countdownRewards,
  },
  reasons: {
    ...countdownReasons,
    'method.loss_type': 'DeepSeekMath (paper): the first GRPO. TRL 1.13 would take dapo.',
  },
  expectation:
    'Wrong completions are penalised less per token the longer they are, so lengths may shrink less than with Dr. GRPO. Seed 1 went from 33.8 to 45.8 % in fifty steps, its answers from 41.0 to 43.2 tokens.',
  timed: { minutes: 2.7, steps: 12, adapter: 'Mesa llvmpipe, two quiet cores' },
};
