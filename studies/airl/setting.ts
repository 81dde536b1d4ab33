/** What the parts of the AIRL study share. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, Change, StudyEvaluation } from '../lib/design.ts';

/** Steps in which the discriminator learns alone. */
export const WARM_UP = 60;
/** Steps in which the policy learns, in every arm. */
export const POLICY_STEPS = 100;

/** A pilot with seed 11 chose the rate (4e-4 lost all), and neither replay nor perturbed experts: with both, accuracy stayed below 50 %. */
export const airlMethod = {
  name: 'airl',
  granularity: 'dense',
  reward_warmup_steps: WARM_UP,
  num_generations: 8,
  prompts_per_step: 8,
  max_completion_length: 48,
  loss_type: 'dr_grpo',
  scale_rewards: 'none',
  beta: 0,
  learning_rate: 1e-4,
  perturbed_share: 0,
  replay_share: 0,
} as const satisfies Differences['method'];

export const carryTask = {
  id: 'chain',
  min_terms: 4,
  max_terms: 6,
  largest_term: 9,
} as const satisfies Differences['task'];

export const hopsTask = {
  id: 'hops',
  min_hops: 2,
  max_hops: 3,
  distractor_facts: 3,
  letters: 10,
} as const satisfies Differences['task'];

/** The settings of AIRL that no other method has, taken away. */
const NO_REWARD_MODEL = {
  granularity: undefined,
  reward_warmup_steps: undefined,
  perturbed_share: undefined,
  replay_share: undefined,
} as const;

/** Another method in AIRL's place. Nothing has to be warmed up, so it begins at once. */
export function instead(name: string, method: Change['method'] = {}): Change {
  return { steps: POLICY_STEPS, method: { ...NO_REWARD_MODEL, name, ...method } };
}

export const METRICS = [
  'accuracy',
  'rewards/learned/mean',
  'rewards/learned/std',
  'discriminator/loss',
  'discriminator/accuracy',
  'discriminator/gap',
  'discriminator/clipped',
];

export const EVALUATION: StudyEvaluation = { splits: ['test'], prompts: 100, samples: 16 };

export const SEEDS = [1, 2, 3, 4, 5];
/** Of arms that decide no finding of the paper. */
export const FEW = [1, 2, 3];

export const GRANULARITIES = ['sparse', 'step', 'interval', 'dense'] as const;
export type Granularity = (typeof GRANULARITIES)[number];

/** AIRL at the four granularities. */
export const byGranularity: readonly Arm[] = GRANULARITIES.map((granularity) => ({
  id: granularity,
  label: `AIRL, ${granularity}`,
  change: { method: { granularity } },
}));

export const SFT = 'sft';
export const RLVR = 'rlvr';
export const RANDOM = 'random';
export const OPSD = 'opsd';

/** What learns from the same experts, and what has the verifier. */
export const rivals: readonly Arm[] = [
  {
    id: SFT,
    label: 'SFT on traces',
    // As many traces in a step as AIRL is shown of the expert's.
    change: instead('sft', {
      ...{ beta: undefined, scale_rewards: undefined, loss_type: undefined },
      ...{ num_generations: undefined, prompts_per_step: 64 },
    }),
  },
  { id: RLVR, label: 'RLVR', change: instead('grpo') },
  {
    // A policy that only grows surer gets better by itself where its mistake is the rarer way.
    id: RANDOM,
    label: 'A random reward',
    change: { ...instead('grpo'), rewards: [{ term: 'random', weight: 1 }] },
  },
];

/** The policy that sees the expert's trace as teacher. It has no discriminator and compares nothing within groups. */
export const opsd: Arm = {
  id: OPSD,
  label: 'OPSD: itself with the trace in sight',
  change: instead('opsd', { scale_rewards: undefined }),
  seeds: FEW,
};
