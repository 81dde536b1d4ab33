/** The settings of PPO that GRPO does not share, under the names of the PPOConfig of TRL 1.10, which 1.13 no longer has. */

export const KL_ESTIMATORS = ['k1', 'k3'] as const;
export type KlEstimator = (typeof KL_ESTIMATORS)[number];

export interface PpoSettings {
  /** Weight of the value loss in the loss. */
  readonly vf_coef: number;
  /** A new value is clipped to within this of the old one before it is judged too; null does not clip. */
  readonly cliprange_value: number | null;
  /** What a reward one token later is worth. */
  readonly gamma: number;
  /** How far an advantage looks ahead: 0 trusts the values, 1 the rewards alone. */
  readonly lam: number;
  /** Scales the advantages of a step to mean 0 and deviation 1. */
  readonly whiten_advantages: boolean;
  /** Scales the token rewards of a step to deviation 1 and keeps their mean. */
  readonly whiten_rewards: boolean;
  /** Weight of the divergence from the reference in each token's reward; 0 needs no reference. */
  readonly kl_coef: number;
  readonly kl_estimator: KlEstimator;
  /** Subtracted from the reward of a completion without an end token; null is off. */
  readonly missing_eos_penalty: number | null;
}

/** TRL's defaults (PPOConfig, version 1.10). That version has no switch for whitening advantages: it always does. */
export const PPO_DEFAULTS: PpoSettings = {
  vf_coef: 0.1,
  cliprange_value: 0.2,
  gamma: 1,
  lam: 0.95,
  whiten_advantages: true,
  whiten_rewards: false,
  kl_coef: 0.05,
  kl_estimator: 'k1',
  missing_eos_penalty: null,
};
