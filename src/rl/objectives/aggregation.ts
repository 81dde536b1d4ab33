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
  const step = { completions: sequences.length, activeTokens };
  const weights = Float64Array.from(sequences, ({ length }, i) =>
    active[i] ? 1 / tokenDivisor(length, step, settings) : 0,
  );
  return { weights, activeTokens, activeSequences: active.filter(Boolean).length };
}

/** What decides a token's weight beside the completion that it stands in. */
export interface StepSize {
  /** All completions of the optimiser step, masked ones included. */
  readonly completions: number;
  /** Tokens that count. */
  readonly activeTokens: number;
}

/** What the loss of one token is divided by, in a completion of `length` tokens that counts. */
export function tokenDivisor(
  length: number,
  { completions, activeTokens }: StepSize,
  settings: Pick<ObjectiveSettings, 'loss_type' | 'max_completion_length'>,
): number {
  switch (settings.loss_type) {
    case 'grpo':
    case 'gspo':
      return completions * length;
    case 'bnpo':
    case 'dapo':
    case 'cispo':
      return activeTokens;
    case 'dr_grpo':
      return completions * settings.max_completion_length;
  }
}
