/** What the glossary says of a chart or a setting. Plain data. */
export interface Entry {
  /** What it is. */
  readonly what: string;
  /** What is normal. */
  readonly normal: string;
  /** What to do when it is not. */
  readonly otherwise: string;
  /** As formula.ts reads it. Settings that stand in no formula have none. */
  readonly equation?: string;
  /** Where name, definition or default come from. */
  readonly source: string;
}

/** A chart has a formula always, and its title. */
export interface ChartEntry extends Entry {
  readonly title: string;
  readonly equation: string;
}

export const TRL = 'TRL 1.13, metrics of GRPOTrainer';
export const TRL_PPO = 'TRL 1.10, metrics of PPOTrainer';
export const OURS = 'Baton';
export const GRPO = 'DeepSeekMath (arXiv 2402.03300), section 4.1';
export const PPO = 'PPO (arXiv 1707.06347), eq. 7 and 9';
export const GAE = 'Generalized advantage estimation (arXiv 1506.02438), eq. 11, 12 and 16';
export const RLTR = 'RLTR, the transfer reward; docs/methods/rltr.md';
export const SAR = 'Self-Aligned Reward (arXiv 2509.05489) and its code';
export const RARO = 'Escaping the Verifier (RARO); docs/methods/raro.md';
export const AIRL = 'AIRL for language models and its code; docs/methods/airl.md';
export const OPSD = 'OPSD (arXiv 2601.18734); docs/methods/opsd.md';
export const DPO = 'DPO (arXiv 2305.18290), eq. 7';
export const CODEX = 'Chen et al. 2021, the unbiased estimate of pass@k';
