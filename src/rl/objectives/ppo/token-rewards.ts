/** The reward of every token: most of the total at the last token, and at each token a penalty for leaving the reference. */
import { klK3 } from '../kl.ts';
import type { PpoSettings } from './settings.ts';

/** One scored completion of at least one token. */
export interface ScoredCompletion {
  /** Weighted sum of the reward terms. */
  readonly total: number;
  /** Weighted sum of the terms' token values, where any term gave them; part of `total`. */
  readonly tokenTotals?: readonly number[] | null;
  /** True where the token budget ended before the end token. */
  readonly truncated: boolean;
  /** Log-prob of each token when it was sampled. */
  readonly old: ArrayLike<number>;
  /** The same under the frozen reference; needed where kl_coef is not 0. */
  readonly ref?: ArrayLike<number> | null;
}

export interface TokenRewards {
  /** One per token. */
  readonly rewards: Float64Array;
  /** Sum over the tokens of log-prob minus the reference's: objective/kl of TRL 1.10, of this completion. Null without a reference. */
  readonly kl: number | null;
  /** The penalties' part of the rewards' sum: objective/non_score_reward of TRL 1.10, of this completion. */
  readonly nonScore: number;
}

/**
 * r_t = token total_t - kl_coef KL_t. The last token also gets the rest of the total, so that a completion's rewards always sum to its
 * total less the penalties. KL_t is old - ref (`k1`, which may be negative) or its k3 estimate.
 *
 * A truncated completion gets what its terms give it, less `missing_eos_penalty`. Its last token is the one that used up the budget.
 *
 * Source: Ziegler et al. 2019 (arXiv 1909.08593), eq. 2; estimators and penalty as the PPOTrainer of TRL 1.10.
 *
 * Trap: that trainer pays the rest of the total one place after the end token, where the text is padding and the critic has a value to learn
 * too; only a completion that met the budget is paid at its last token there. Here every completion is paid at its last token, the end
 * token where there is one, so that no state follows the end. With gamma = lam = 1 both give each token the same return.
 *
 * @throws RangeError where kl_coef needs a reference or the lists do not fit.
 */
export function tokenRewards(
  { total, tokenTotals, truncated, old, ref }: ScoredCompletion,
  settings: PpoSettings,
): TokenRewards {
  const { kl_coef: weight, kl_estimator: estimator, missing_eos_penalty: penalty } = settings;
  if (weight !== 0 && !ref) throw new RangeError('kl_coef needs reference log-probs');
  for (const list of [tokenTotals, ref]) {
    if (list && list.length !== old.length)
      throw new RangeError(`${list.length} numbers for ${old.length} tokens`);
  }
  const rewards = new Float64Array(old.length);
  let given = 0;
  let kl = 0;
  let nonScore = 0;
  for (let t = 0; t < old.length; t++) {
    const own = tokenTotals?.[t] ?? 0;
    rewards[t] = own;
    given += own;
    if (!ref) continue;
    kl += old[t] - ref[t];
    if (weight === 0) continue;
    const price = -weight * (estimator === 'k1' ? old[t] - ref[t] : klK3(old[t], ref[t]));
    rewards[t] += price;
    nonScore += price;
  }
  const score = truncated && penalty !== null ? total - penalty : total;
  rewards[old.length - 1] += score - given;
  return { rewards, kl: ref ? kl : null, nonScore };
}
