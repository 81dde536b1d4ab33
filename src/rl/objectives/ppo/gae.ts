/** Generalised advantage estimation: from rewards and values along a completion to one advantage per token. */

export interface Gae {
  /** One per token. */
  readonly advantages: Float64Array<ArrayBuffer>;
  /** One per token: advantage plus value, what the value should have been. */
  readonly returns: Float64Array<ArrayBuffer>;
}

/**
 * delta_t = r_t + gamma V_{t+1} - V_t,  A_t = delta_t + gamma lam A_{t+1},  return_t = A_t + V_t
 *
 * V_t is the value of the state in which token t is chosen. The state after the last token has value 0, also where the token
 * budget ended the completion (as in TRL 1.10: the budget is part of the task, so nothing is assumed about what would have followed).
 * With gamma = lam = 1 the return is the sum of the rewards from t on, whatever the values say.
 *
 * Source: Schulman et al. 2016 (arXiv 1506.02438), eq. 11, 12 and 16.
 *
 * @throws RangeError when there is not one value for each reward.
 */
export function gae(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  { gamma, lam }: { readonly gamma: number; readonly lam: number },
): Gae {
  if (rewards.length !== values.length)
    throw new RangeError(`${values.length} values for ${rewards.length} rewards`);
  const advantages = new Float64Array(rewards.length);
  const returns = new Float64Array(rewards.length);
  let nextValue = 0;
  let nextAdvantage = 0;
  for (let t = rewards.length - 1; t >= 0; t--) {
    const delta = rewards[t] + gamma * nextValue - values[t];
    nextAdvantage = delta + gamma * lam * nextAdvantage;
    nextValue = values[t];
    advantages[t] = nextAdvantage;
    returns[t] = nextAdvantage + values[t];
  }
  return { advantages, returns };
}
