import { countdownObjective, countdownReasons } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The quickest one to watch. */
export const chainMinute: Preset = {
  id: 'chain-minute',
  label: 'Chain, in a minute',
  question: 'What does a reward curve look like when the policy knows more than it shows?',
  experiment: {
    steps: 60,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: { ...countdownObjective, learning_rate: 3e-4, max_completion_length: 32 },
  },
  reasons: {
    steps: 'ours: enough for this task.',
    task: 'ours: sums modulo 100, the easiest task.',
    policy:
      'ours: the policy bundled for this task; its expert slipped at every fifth step, which it can unlearn.',
    'method.loss_type': countdownReasons['method.loss_type'],
    'method.scale_rewards': countdownReasons['method.scale_rewards'],
    'method.num_generations': countdownReasons['method.num_generations'],
    'method.prompts_per_step': countdownReasons['method.prompts_per_step'],
    'method.learning_rate':
      'ours: a step smaller than for Countdown, since this policy is half as deep.',
    'method.max_completion_length': 'ours: three steps take 27 tokens at most.',
  },
  expectation:
    'The reward rises within the first minute, by about a sixth in sixty steps; length stays.',
  measured: {
    before: { accuracy: [0.499, 0.432, 0.459] },
    after: { accuracy: [0.658, 0.604, 0.608] },
    seeds: [1, 2, 3],
    minutes: 1.2,
    adapter: 'Mesa llvmpipe, two cores shared with other work',
  },
};
