/** What the parts of the RARO study share. */

import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import { criticMethod, criticTask } from '../../src/rl/experiment/presets/raro-against-rlvr.ts';
import type { Change, StudyEvaluation } from '../lib/design.ts';

/** RARO, as its preset has it. */
export const base: Differences = {
  steps: 100,
  task: criticTask,
  policy: 'policies/chain-critic',
  method: criticMethod,
  evaluation: { every: 20, prompts: 48, samples: 4 },
};

/** The settings of RARO that no other method has, taken away. */
const NO_CRITIC = {
  verdicts: undefined,
  max_critic_length: undefined,
  max_answer_length: undefined,
  replay_share: undefined,
} as const;

/** Another method in RARO's place. */
export function instead(name: string, method: Change['method'] = {}): Change {
  return { method: { ...NO_CRITIC, name, ...method } };
}

/** GRPO's form of the same advantages: no deviation, no length, the same KL. */
export const GRPO: Change['method'] = { loss_type: 'dr_grpo', scale_rewards: 'none', beta: 0.001 };

export const METRICS = [
  'rewards/policy/mean',
  'rewards/critic/mean',
  'rewards/rl_logit/*',
  'rationales/*',
  'critic/accuracy',
  'critic/right_rate',
  'critic/tie_rate',
  'critic/tie_rate_differing',
  'critic/tie_rate_identical',
  'critic/order_bias',
  'critic/unreadable',
  'critic/replay_age',
];

export const EVALUATION: StudyEvaluation = {
  splits: ['test'],
  prompts: 100,
  samples: 16,
  tournament: { answers: 16, verdict: 48 },
};

export const SEEDS = [1, 2, 3, 4, 5];
/** Of arms that decide no finding of the paper. */
export const FEW = [1, 2, 3];
