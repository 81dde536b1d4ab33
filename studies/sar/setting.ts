/** What the new parts of the SAR study share. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, Change, StudyEvaluation } from '../lib/design.ts';

type Term = NonNullable<Differences['rewards']>[number];

/** Paid for right answers, and for the terms beside them. */
export function beside(...terms: readonly Term[]): Differences {
  return { rewards: [{ term: 'answer', weight: 1 }, ...terms] };
}

/** `sar-020`, of a term's short name and its weight. */
const named = (name: string, weight: number) =>
  `${name}-${`${Math.round(weight * 100)}`.padStart(3, '0')}`;

export const plainGrpo: Arm = { id: 'grpo', label: 'GRPO', change: beside() };

export function selfAligned(weight: number): Arm {
  return {
    id: named('sar', weight),
    label: `SA-GRPO, α = ${weight}`,
    change: beside({ term: 'sar', weight }),
  };
}

export function o1Penalty(weight: number): Arm {
  return {
    id: named('o1', weight),
    label: `O1 penalty, ${weight}`,
    change: beside({ term: 'length_o1', weight }),
  };
}

export function erPenalty(weight: number): Arm {
  return {
    id: named('er', weight),
    label: `ER penalty, ${weight}`,
    change: beside({ term: 'length_er', weight }),
  };
}

/** The authors' PPO: gamma and lambda 1, no KL, two updates per batch. Settings that only GRPO has are removed. */
export const PPO: Change['method'] = {
  scale_rewards: undefined,
  loss_type: undefined,
  beta: 0,
  name: 'ppo',
  gamma: 1,
  lam: 1,
  num_ppo_epochs: 1,
  num_mini_batches: 2,
  cliprange_value: 0.5,
};

export const METHOD = {
  loss_type: 'dr_grpo',
  scale_rewards: 'none',
  beta: 0,
  num_generations: 8,
  prompts_per_step: 8,
  learning_rate: 1e-4,
  temperature: 1,
  max_completion_length: 160,
} as const;

export const METRICS = ['rewards/sar/*', 'rewards/answer/mean', 'chatter', 'dialects/*'];

export const EVALUATION: StudyEvaluation = { splits: ['test'], prompts: 100, samples: 16 };

export const SEEDS = [1, 2, 3, 4, 5];
/** Of arms that decide no finding of the paper. */
export const FEW = [1, 2, 3];
