import type { Differences } from './preset.ts';

/** Steps in which the discriminator learns alone, and those in which both learn. */
const WARM_UP = 60;
export const POLICY_STEPS = 100;

/** What the presets with a learned reward share: sums whose policy forgets carries, which experts never do, and the settings of the study. */
export const airlRun = {
  steps: WARM_UP + POLICY_STEPS,
  task: { id: 'chain', min_terms: 4, max_terms: 6, largest_term: 9 },
  policy: 'policies/chain-carry',
  method: {
    name: 'airl',
    loss_type: 'dr_grpo',
    scale_rewards: 'none',
    num_generations: 8,
    prompts_per_step: 8,
    max_completion_length: 48,
    perturbed_share: 0,
    replay_share: 0,
  },
  // A small one at every twentieth step, so that the curve shows where the policy begins to learn.
  evaluation: { every: 20, prompts: 48 },
} as const satisfies Differences;

export const airlReasons = {
  steps:
    'ours: the discriminator learns alone for 60 steps, in which the policy stands still; then both learn for 100.',
  task: 'ours: sums of four to six digits. A carry is forgotten or it is not, and nothing else goes wrong.',
  policy:
    'ours: its warm start forgot a carry in 4 of 10 additions that have one. Such a misconception can be seen by a discriminator; bad luck cannot.',
  'method.name': 'ours: the question.',
  'method.loss_type': 'ours: as in the other presets on chains.',
  'method.scale_rewards': 'ours: as in the other presets on chains.',
  'method.max_completion_length': 'ours: no expert’s trace is longer.',
  'method.perturbed_share':
    'ours: in a pilot perturbed experts and replay together kept accuracy below a half.',
  'method.replay_share': 'ours: as for perturbed experts.',
  'evaluation.every': 'ours: often enough to see where the policy begins to learn.',
  'evaluation.prompts': 'ours: enough to watch by.',
};
