import { countdownReasons } from './countdown.ts';
import type { Preset } from './preset.ts';

/** Values that are tried out, beside values that are learnt. */
export const chainVineppo: Preset = {
  id: 'chain-vineppo',
  label: 'VinePPO beside PPO',
  question: 'Is a value better tried out than learnt?',
  experiment: {
    steps: 40,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      name: 'vineppo',
      num_generations: 16,
      prompts_per_step: 12,
      num_mc_samples: 2,
      learning_rate: 3e-4,
      max_completion_length: 32,
      num_ppo_epochs: 2,
    },
  },
  lead: 'VinePPO',
  beside: [
    {
      label: 'PPO',
      changes: { 'method.name': 'ppo', 'method.lam': 1 },
      what: 'PPO with a learnt value: the same completions, rate and two updates a step, as in PPO beside GRPO.',
    },
  ],
  reasons: {
    steps: 'ours: as PPO beside GRPO.',
    task: 'ours: sums modulo 100, the easiest task.',
    policy: 'ours: the policy bundled for this task.',
    'method.name': 'ours: the question. PPO runs beside it.',
    'method.num_generations': 'ours: as PPO beside GRPO.',
    'method.prompts_per_step': countdownReasons['method.prompts_per_step'],
    'method.num_mc_samples':
      'ours: two, since each is a generation. VinePPO (paper) takes 9, which is steadier and slower.',
    'method.learning_rate': 'ours: as Chain, in a minute.',
    'method.max_completion_length': 'ours: three steps take 27 tokens at most.',
    'method.num_ppo_epochs': 'ours: the least at which clipping does anything.',
  },
  expectation:
    'Both climb alike: in forty steps, three seeds tell no difference. With two continuations a value tried out is coarse, and on this task the learnt one explains nothing.',
  measured: {
    before: { accuracy: [0.484, 0.449, 0.461] },
    after: { accuracy: [0.621, 0.586, 0.625] },
    beside: [{ accuracy: [0.631, 0.568, 0.633] }],
    seeds: [1, 2, 3],
    minutes: 2.7,
    adapter: 'Mesa llvmpipe, two cores shared with other work; one run at a time',
  },
};
