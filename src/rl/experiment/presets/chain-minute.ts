import type { Preset } from './preset.ts';

/** The quickest one to watch. */
export const chainMinute: Preset = {
  id: 'chain-minute',
  label: 'Chain, in a minute',
  question: 'What does a reward curve look like when the task is easy?',
  experiment: {
    steps: 60,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    objective: { loss_type: 'dr_grpo' },
  },
  reasons: {
    steps: 'ours: enough for this task.',
    task: 'ours: sums modulo 100, the easiest task.',
    policy: 'ours: the policy bundled for this task.',
    'objective.loss_type': 'Dr. GRPO (paper), as in the Countdown presets.',
  },
  expectation: 'The reward rises within the first minute, then flattens.',
};
