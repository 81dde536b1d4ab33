/** The clipped loss of a ratio and an advantage, and its derivative: the heart of PPO, GRPO and their relatives. */
import type { ObjectiveSettings } from './settings.ts';

export interface Surrogate {
  readonly loss: number;
  /** Derivative of the loss by the ratio. */
  readonly slope: number;
  /** The clip removed the gradient: the ratio was too low at a negative advantage, or too high at a positive one. */
  readonly low: boolean;
  readonly high: boolean;
}

/**
 * loss = -min(min(rho, delta) A, clip(rho, 1 - epsilon, 1 + epsilon_high) A)
 *
 * Source: PPO (Schulman et al. 2017), eq. 7; asymmetric bounds from DAPO, eq. 8; delta from INTELLECT-2, section 3.4.
 * Traps: the clip works on one side only, by the sign of A. At A < 0 a large rho is not clipped (delta does that), and
 * at A > 0 a small rho is not clipped. At rho = 1 the loss is -A, whose group mean is 0, but its slope is -A too: a loss of
 * zero does not mean a gradient of zero.
 */
export function clippedSurrogate(
  ratio: number,
  advantage: number,
  settings: ObjectiveSettings,
): Surrogate {
  const lower = 1 - settings.epsilon;
  const upper = 1 + (settings.epsilon_high ?? settings.epsilon);
  const cap = settings.delta ?? Number.POSITIVE_INFINITY;
  const free = Math.min(ratio, cap) * advantage;
  const clipped = Math.min(Math.max(ratio, lower), upper) * advantage;
  // The smaller branch carries the gradient, and only where it is within its own bound.
  const moves = free <= clipped ? ratio <= cap : ratio >= lower && ratio <= upper;
  return {
    loss: -Math.min(free, clipped),
    slope: moves ? -advantage : 0,
    low: advantage < 0 && ratio < lower,
    high: advantage > 0 && ratio > upper,
  };
}

/**
 * The weight of CISPO: min(rho, epsilon_high), to be used as a constant, so that every token keeps a gradient.
 *
 * Source: MiniMax-M1 (2025), eq. 4 and 5, without the lower bound, as TRL 1.13. Trap: epsilon_high is the cap itself (about 5).
 * Like TRL 1.13, `capped` counts positive advantages only.
 */
export function cappedWeight(
  ratio: number,
  advantage: number,
  settings: ObjectiveSettings,
): { readonly weight: number; readonly capped: boolean } {
  const cap = settings.epsilon_high ?? settings.epsilon;
  return { weight: Math.min(ratio, cap), capped: ratio > cap && advantage > 0 };
}
