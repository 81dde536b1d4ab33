import { countdownReasons } from './countdown.ts';
import type { Preset } from './preset.ts';

/** A critic in place of a group, beside the same run with a group. */
export const chainPpo: Preset = {
  id: 'chain-ppo',
  label: 'PPO beside GRPO',
  question: 'What does a learnt value do that the mean of a group does not?',
  experiment: {
    steps: 40,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      name: 'ppo',
      num_generations: 16,
      prompts_per_step: 12,
      learning_rate: 3e-4,
      max_completion_length: 32,
      num_ppo_epochs: 2,
      lam: 1,
    },
  },
  lead: 'PPO',
  beside: [
    {
      label: 'GRPO',
      changes: {
        'method.name': 'grpo',
        'method.loss_type': 'dr_grpo',
        'method.scale_rewards': 'none',
        'method.num_iterations': 2,
      },
      what: 'GRPO with the same completions, rate and two updates a step, as in the other presets.',
    },
  ],
  reasons: {
    steps: 'ours: most of the climb.',
    task: 'ours: sums modulo 100, the easiest task.',
    policy: 'ours: the policy bundled for this task.',
    'method.name': 'ours: the question. GRPO runs beside it.',
    'method.num_generations':
      'ours: PPO needs no group; with the same 16 both runs see as many completions of as many questions.',
    'method.prompts_per_step': countdownReasons['method.prompts_per_step'],
    'method.learning_rate': 'ours: as Chain, in a minute.',
    'method.max_completion_length': 'ours: three steps take 27 tokens at most.',
    'method.num_ppo_epochs':
      'ours: the least at which clipping does anything. TRL 1.10 would take 4.',
    'method.lam': 'SAR (code): 1, so returns are the rewards alone whatever the value says.',
  },
  // The hidden state was asked: the best linear value explains 1 % of held-out returns at most, on 768 completions.
  expectation:
    'Both climb alike. The value explains nothing of the returns (its explained variance stays at 0 or a little below): this policy’s slips are careless, and its hidden state does not foretell them.',
  measured: {
    before: { accuracy: [0.48, 0.449] },
    after: { accuracy: [0.631, 0.568] },
    seeds: [1, 2],
    minutes: 4.4,
    adapter: 'Mesa llvmpipe, two cores shared with other work; the PPO run alone',
  },
};
