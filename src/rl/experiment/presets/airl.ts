import type { Differences } from './preset.ts';

/** Steps in which the discriminator learns alone, and those in which both learn. */
const WARM_UP = 60;
export const POLICY_STEPS = 100;

/** What every method shares that trains on these sums. */
export const carryRun = {
  task: { id: 'chain', min_terms: 4, max_terms: 6, largest_term: 9 },
  policy: 'policies/chain-carry',
  method: {
    loss_type: 'dr_grpo',
    scale_rewards: 'none',
    num_generations: 8,
    prompts_per_step: 8,
    max_completion_length: 48,
  },
  // A small one at every twentieth step, so that the curve shows where the policy begins to learn.
  evaluation: { every: 20, prompts: 48 },
} as const satisfies Differences;

/** What the presets with a learned reward share: sums whose policy forgets carries, which experts never do, and the settings of the study. */
export const airlRun = {
  ...carryRun,
  steps: WARM_UP + POLICY_STEPS,
  method: { ...carryRun.method, name: 'airl', perturbed_share: 0, replay_share: 0 },
} as const satisfies Differences;

export const carryReasons = {
  task: 'ours: sums of four to six digits. A carry is forgotten or it is not, and nothing else goes wrong.',
  policy:
    'ours: its warm start forgot a carry in 4 of 10 additions that have one. Such a misconception can be seen by a discriminator; bad luck cannot.',
  'method.loss_type': 'ours: as in the other presets on chains.',
  'method.scale_rewards': 'ours: as in the other presets on chains.',
  'method.max_completion_length': 'ours: no expert’s trace is longer.',
  'evaluation.every': 'ours: often enough to see where the policy begins to learn.',
  'evaluation.prompts': 'ours: enough to watch by.',
};

export const airlReasons = {
  ...carryReasons,
  steps:
    'ours: the discriminator learns alone for 60 steps, in which the policy stands still; then both learn for 100.',
  'method.name': 'ours: the question.',
  'method.perturbed_share':
    'ours: in a pilot perturbed experts and replay together kept accuracy below a half.',
  'method.replay_share': 'ours: as for perturbed experts.',
};
