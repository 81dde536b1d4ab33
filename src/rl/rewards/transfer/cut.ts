/**
 * Where an answer is cut before a receiver takes it over. tau is in (0, 1], and the cut is floor(tau |y|) of the answer's |y|
 * tokens, its end token among them; the end token itself is never part of a prefix, or there would be nothing to finish.
 * Source: RLTR, the transfer reward; step boundaries and the interval are ours.
 */
import type { RandomStream } from '../../random.ts';

/** How tau is drawn. */
export type TauSettings =
  | { readonly tau: 'uniform' | 'step' }
  | { readonly tau: 'fixed'; readonly tau_fixed: number }
  | { readonly tau: 'interval'; readonly tau_low: number; readonly tau_high: number };

/** A cut of one answer. */
export interface Cut {
  /** Share of the answer that the receiver sees, 0 to 1. */
  readonly tau: number;
  /** Tokens of the answer that it sees. */
  readonly at: number;
  /** Their text. */
  readonly prefix: string;
}

/** What a cut needs to know of an answer. */
export interface Answer {
  /** Token ids, the end token included where it was sampled. */
  readonly completionIds: readonly number[];
  /** Text without the end token. */
  readonly text: string;
}

/** Tokens before the cut: floor(tau length). */
export function cutIndex(tau: number, length: number): number {
  return Math.min(length, Math.floor(tau * length));
}

/** Cuts an answer after `at` of its tokens. */
export function cutAt(
  { completionIds }: Answer,
  at: number,
  decode: (ids: readonly number[]) => string,
): Cut {
  const length = completionIds.length;
  const tau = length === 0 ? 1 : at / length;
  // Decoding leaves special tokens out, the end token among them.
  return { tau, at, prefix: decode(completionIds.slice(0, at)) };
}

/** Draws tau for one answer; a group that shares its stream shares its tau. Always takes one number from the stream. */
export function drawTau(settings: TauSettings, random: RandomStream): number {
  // (0, 1]: the whole answer may be handed over; rounding down can leave no prefix at all.
  const u = 1 - random.uniform();
  switch (settings.tau) {
    case 'fixed':
      return settings.tau_fixed;
    case 'interval':
      return settings.tau_low + (settings.tau_high - settings.tau_low) * u;
    default:
      return u;
  }
}

/**
 * Token counts at which reasoning may be handed over: 0, and after each step of the answer but the last.
 * @param boundaries character offsets as `Task.stepBoundaries` gives them
 */
export function stepCuts(
  answer: Answer,
  boundaries: readonly number[],
  decode: (ids: readonly number[]) => string,
): number[] {
  const cuts = [0];
  let at = 0;
  for (const offset of boundaries) {
    while (
      at < answer.completionIds.length &&
      decode(answer.completionIds.slice(0, at)).length < offset
    )
      at++;
    if (offset < answer.text.length && at > (cuts.at(-1) ?? 0)) cuts.push(at);
  }
  return cuts;
}

/** The bucket, 0 to `buckets - 1`, of a tau in (0, 1]; 0 itself is in the first. */
export function tauBucket(tau: number, buckets: number): number {
  return Math.min(buckets - 1, Math.max(0, Math.ceil(tau * buckets - 1e-9) - 1));
}
