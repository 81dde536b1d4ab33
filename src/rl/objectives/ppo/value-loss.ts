/** What a value costs that is not the return, and how that changes with the value. */

export interface ValueTerm {
  readonly loss: number;
  /** Derivative of the loss by the value. */
  readonly slope: number;
  /** The clipped value was judged the worse one: no gradient. */
  readonly clipped: boolean;
}

/**
 * loss = 1/2 max((V - R)^2, (clip(V, V_old - c, V_old + c) - R)^2)
 *
 * The larger of the two, so a value that has gone further from its old one than c, and towards the return, is held there
 * without a gradient until the next batch; one that has gone away from the return keeps its full gradient.
 *
 * Source: PPO's code (Dhariwal et al. 2017, openai/baselines ppo2); the half is TRL's. A range of null does not clip.
 */
export function valueTerm(
  value: number,
  old: number,
  target: number,
  range: number | null,
): ValueTerm {
  const free = value - target;
  const held = range === null ? value : Math.min(Math.max(value, old - range), old + range);
  const clipped = (held - target) ** 2 > free ** 2;
  return {
    loss: 0.5 * (clipped ? (held - target) ** 2 : free ** 2),
    // Where the clipped value is the larger error it differs from the value, and so does not move with it.
    slope: clipped ? 0 : free,
    clipped,
  };
}
