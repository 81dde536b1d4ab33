/** The loss of one value against its return, and its derivative. */

export interface ValueTerm {
  readonly loss: number;
  /** Derivative of the loss by the value. */
  readonly slope: number;
  /** The clipped value had the larger error: no gradient. */
  readonly clipped: boolean;
}

/**
 * loss = 1/2 max((V - R)^2, (clip(V, V_old - c, V_old + c) - R)^2)
 *
 * The larger of the two errors counts. So a value that has moved more than c towards the return gets no gradient until the next batch;
 * one that has moved away from the return keeps its full gradient.
 *
 * Source: PPO's code (Dhariwal et al. 2017, openai/baselines ppo2); the half is that of TRL 1.10. With a range of null nothing is clipped.
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
    // Where the clipped value has the larger error, it is at a bound and does not change with the value.
    slope: clipped ? 0 : free,
    clipped,
  };
}
