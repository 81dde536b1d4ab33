/** The metrics of an optimiser step under the names of TRL 1.13, from sums per completion, so that micro-batches combine exactly. */
import { isSequenceLevel, type ObjectiveSettings } from './settings.ts';

/** Sums over the tokens of one completion; all 0 where it is masked. */
export interface SequenceTotals {
  tokens: number;
  /** Weighted loss without the entropy bonus. */
  policyLoss: number;
  /** Weighted entropy bonus, as it enters the loss (negative). */
  entropyLoss: number;
  ratio: number;
  /** Tokens whose gradient the lower or the upper bound removed; for cispo `high` counts capped tokens. */
  low: number;
  high: number;
  /** Null where there was no reference, or no entropies. */
  kl: number | null;
  entropy: number | null;
}

export function emptyTotals(): SequenceTotals {
  return {
    tokens: 0,
    policyLoss: 0,
    entropyLoss: 0,
    ratio: 0,
    low: 0,
    high: 0,
    kl: null,
    entropy: null,
  };
}

/** What was not measured is absent: kl without a reference, entropy without entropies, clip fractions where nothing can be clipped. */
export interface ObjectiveMetrics {
  /** What the optimiser minimises. */
  readonly loss: number;
  /** The same without the entropy bonus. */
  readonly policy_loss: number;
  /** Mean over tokens of rho; Baton's own. */
  readonly ratio_mean: number;
  /** With `use_bias_correction_kl` times the ratio, as TRL 1.13. */
  readonly kl?: number;
  readonly entropy?: number;
  readonly 'clip_ratio/low_mean'?: number;
  readonly 'clip_ratio/low_min'?: number;
  readonly 'clip_ratio/high_mean'?: number;
  readonly 'clip_ratio/high_max'?: number;
  readonly 'clip_ratio/region_mean'?: number;
  readonly cispo_clip_ratio?: number;
}

/**
 * Metrics of one optimiser step, from the completions of all its micro-batches in order, and of all passes where `num_iterations` is
 * above 1. Sums run over completions in that order, so the numbers are equal to the bit however the step was cut.
 *
 * Means are over tokens that count; clip fractions of a per-completion ratio are over completions. `low_min` and `high_max` are
 * the extremes over completions (TRL 1.13: over devices).
 * @param passes how many passes are included: losses are means over passes.
 */
export function objectiveMetrics(
  totals: readonly SequenceTotals[],
  settings: ObjectiveSettings,
  passes = 1,
): ObjectiveMetrics {
  const active = totals.filter((row) => row.tokens > 0);
  const tokens = sum(active, (row) => row.tokens);
  const perToken = (of: (row: SequenceTotals) => number) => divide(sum(active, of), tokens);
  const fraction = (of: (row: SequenceTotals) => number) =>
    isSequenceLevel(settings)
      ? divide(
          sum(active, (row) => of(row) / row.tokens),
          active.length,
        )
      : perToken(of);
  const extreme = (pick: (a: number, b: number) => number, of: (row: SequenceTotals) => number) => {
    const shares = active.map((row) => of(row) / row.tokens);
    return shares.length === 0 ? 0 : shares.reduce((a, b) => pick(a, b));
  };

  const policyLoss = sum(totals, (row) => row.policyLoss) / passes;
  const entropyLoss = sum(totals, (row) => row.entropyLoss) / passes;
  return {
    loss: policyLoss + entropyLoss,
    policy_loss: policyLoss,
    ratio_mean: perToken((row) => row.ratio),
    ...(active.some((row) => row.kl !== null) && { kl: perToken((row) => row.kl ?? 0) }),
    ...(active.some((row) => row.entropy !== null) && {
      entropy: perToken((row) => row.entropy ?? 0),
    }),
    ...(settings.loss_type === 'cispo'
      ? { cispo_clip_ratio: fraction((row) => row.high) }
      : {
          'clip_ratio/low_mean': fraction((row) => row.low),
          'clip_ratio/low_min': extreme(Math.min, (row) => row.low),
          'clip_ratio/high_mean': fraction((row) => row.high),
          'clip_ratio/high_max': extreme(Math.max, (row) => row.high),
          'clip_ratio/region_mean': fraction((row) => row.low + row.high),
        }),
  };
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}

function divide(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}
