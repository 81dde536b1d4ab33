/** What the glossary says of a chart or a setting. Plain data. */
export interface Entry {
  /** What it is. */
  readonly what: string;
  /** What is normal. */
  readonly normal: string;
  /** Where a range in `normal` comes from, where that is not what the number is: our own runs, or nothing that anybody has written down. */
  readonly range?: MeasuredRange | 'unknown';
  /** What to do when it is not. */
  readonly otherwise: string;
  /** As formula.ts reads it. Settings that stand in no formula have none. */
  readonly equation?: string;
  /** Where name, definition or default come from. */
  readonly source: string;
}

/** Of the healthy runs of our studies, nine in ten values of a column lie within. */
export interface MeasuredRange {
  readonly column: string;
  readonly low: number;
  readonly high: number;
}

/** Where the range comes from, as a sentence; undefined where `normal` needs none. */
export function rangeText({ range }: Entry): string | undefined {
  if (range === undefined) return undefined;
  if (range === 'unknown') return 'No paper or library gives a range; this is what was seen here.';
  const [low, high] = [range.low, range.high].map((one) => String(one).replace('-', '−'));
  return `In the healthy runs of our studies nine values in ten lie between ${low} and ${high}.`;
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
