/** How the losses of tokens are summed to one loss: the only difference between grpo, bnpo, dapo and dr_grpo. */
import { isMasked, type ObjectiveSettings } from './settings.ts';

export interface Aggregation {
  /** Per completion, in the given order, the weight of one of its tokens in the loss; 0 where it is masked. */
  readonly weights: Float64Array;
  /** Tokens that count. */
  readonly activeTokens: number;
  /** Completions that count. */
  readonly activeSequences: number;
}

/**
 * The weight of a token, from all completions of one optimiser step. Micro-batches take their share of these weights, so a
 * step's gradient does not depend on how it was cut to fit memory.
 *
 * With B completions of lengths |o_i|, masked ones included in B (as TRL 1.13):
 * - grpo, gspo: 1 / (B |o_i|)
 * - bnpo, dapo, cispo: 1 / (tokens that count). TRL 1.13's bnpo takes the tokens of each micro-batch instead; here a step is always one
 *   batch, so bnpo and dapo agree.
 * - dr_grpo: 1 / (B max_completion_length)
 *
 * Traps: grpo weighs a token of a long completion less, so long wrong answers are punished less per token (the length bias that
 * dr_grpo and dapo remove). Only tokens that count are in dapo's divisor, as in DAPO's formula and in TRL 1.13, where it spans all
 * completions that were sampled together; here these are one step's. If everything is masked, all weights are 0 and so is the loss.
 */
export function prepareAggregation(
  sequences: readonly { readonly length: number; readonly truncated: boolean }[],
  settings: ObjectiveSettings,
): Aggregation {
  const active = sequences.map((sequence) => !isMasked(sequence, settings));
  const activeTokens = sequences.reduce((sum, { length }, i) => sum + (active[i] ? length : 0), 0);
  const count = sequences.length;
  const weights = Float64Array.from(sequences, ({ length }, i) =>
    active[i] ? 1 / divisor(length, count, activeTokens, settings) : 0,
  );
  return { weights, activeTokens, activeSequences: active.filter(Boolean).length };
}

function divisor(
  length: number,
  count: number,
  activeTokens: number,
  settings: ObjectiveSettings,
): number {
  switch (settings.loss_type) {
    case 'grpo':
    case 'gspo':
      return count * length;
    case 'bnpo':
    case 'dapo':
    case 'cispo':
      return activeTokens;
    case 'dr_grpo':
      return count * settings.max_completion_length;
  }
}
