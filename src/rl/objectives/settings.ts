/** The settings of the objectives, with the names and defaults of the GRPOConfig of TRL 1.13, so that a config can be carried over unchanged. */

/**
 * The losses of the GRPO family.
 *
 * | loss_type | per token | summed with |
 * | --- | --- | --- |
 * | grpo | clipped surrogate | mean over completions of the mean over their tokens (DeepSeekMath, eq. 3) |
 * | bnpo | clipped surrogate | mean over the active tokens of the local batch |
 * | dapo | clipped surrogate | mean over the active tokens of the whole batch (DAPO, eq. 8) |
 * | dr_grpo | clipped surrogate | sum / (completions x max_completion_length) (Dr. GRPO, section 3.2) |
 * | gspo | surrogate of one ratio per completion | as grpo (GSPO, eq. 5 to 7) |
 * | cispo | capped, detached ratio x advantage x log-prob | as dapo (MiniMax-M1, eq. 4 and 5) |
 *
 * TRL 1.13 has no `gspo`: it writes it as `loss_type: grpo` with `importance_sampling_level: sequence`. Both spellings give
 * the same numbers here.
 */
export const LOSS_TYPES = ['grpo', 'bnpo', 'dapo', 'dr_grpo', 'gspo', 'cispo'] as const;
export type LossType = (typeof LOSS_TYPES)[number];

export const SCALE_REWARDS = ['group', 'batch', 'none'] as const;
export type ScaleRewards = (typeof SCALE_REWARDS)[number];

export interface ObjectiveSettings {
  readonly loss_type: LossType;
  /** `token`: one ratio per token. `sequence`: one per completion, the geometric mean of its tokens' ratios. */
  readonly importance_sampling_level: 'token' | 'sequence';
  /** The ratio is clipped below at 1 - epsilon. */
  readonly epsilon: number;
  /**
   * The ratio is clipped above at 1 + epsilon_high; null means epsilon. DAPO: 0.28.
   * Trap: for cispo it is the cap itself, not added to 1, and should be about 5; left at null, the cap is epsilon (as in TRL 1.13),
   * every token is capped and `cispo_clip_ratio` shows it.
   */
  readonly epsilon_high: number | null;
  /** Caps the ratio before the surrogate, which bounds the loss where the advantage is negative; above 1 + epsilon_high. */
  readonly delta: number | null;
  /** Weight of the KL to the frozen reference; 0 needs no reference. */
  readonly beta: number;
  /** Multiplies the KL of a token by its ratio, slope included. */
  readonly use_bias_correction_kl: boolean;
  /** Leaves completions that ran out of tokens before their end token out of the loss. */
  readonly mask_truncated_completions: boolean;
  /** Weight of the mean entropy of the tokens that count, the same for every loss. */
  readonly entropy_coef: number;
  /** Tokens; used by dr_grpo only. */
  readonly max_completion_length: number;
}

/** TRL's defaults (version 1.13), but for `use_bias_correction_kl`, which is true there since 1.13 and was false in 1.10. */
export const OBJECTIVE_DEFAULTS: ObjectiveSettings = {
  loss_type: 'dapo',
  importance_sampling_level: 'token',
  epsilon: 0.2,
  epsilon_high: null,
  delta: null,
  beta: 0,
  use_bias_correction_kl: false,
  mask_truncated_completions: false,
  entropy_coef: 0,
  max_completion_length: 512,
};

/** True where one ratio serves a whole completion. */
export function isSequenceLevel(settings: ObjectiveSettings): boolean {
  return settings.loss_type === 'gspo' || settings.importance_sampling_level === 'sequence';
}

/** True where a completion has no part in the loss: it is empty, or it is truncated and truncated ones are masked. */
export function isMasked(
  sequence: { readonly length: number; readonly truncated: boolean },
  settings: Pick<ObjectiveSettings, 'mask_truncated_completions'>,
): boolean {
  return sequence.length === 0 || (settings.mask_truncated_completions && sequence.truncated);
}
