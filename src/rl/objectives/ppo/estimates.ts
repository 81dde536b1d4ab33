/** What PPO computes from a rollout before any update: token rewards, advantages and returns, and their metrics. */
import { isMasked, type ObjectiveSettings } from '../settings.ts';
import { gae } from './gae.ts';
import { explainedVariance, momentsOf, whiten } from './moments.ts';
import type { PpoSettings } from './settings.ts';
import { tokenRewards } from './token-rewards.ts';

/** What the estimates need to know of a completion. */
export interface Estimated {
  /** Tokens, the end token included. */
  readonly length: number;
  readonly truncated: boolean;
}

type Masking = Pick<ObjectiveSettings, 'mask_truncated_completions'>;

/** Weighted totals per completion (null where no term could score it), and per token where terms give them. */
export interface EstimatedRewards {
  readonly totals: readonly (number | null)[];
  readonly tokenTotals?: readonly (readonly number[] | null)[];
}

/** Per completion, one number per token, under the policy that sampled. */
export interface RolloutScores {
  readonly old: readonly ArrayLike<number>[];
  readonly values: readonly ArrayLike<number>[];
  /** Null where nothing needs the reference. */
  readonly ref: readonly ArrayLike<number>[] | null;
}

export interface Estimates {
  /** Per completion, one number per token; empty where it takes no part. */
  readonly advantages: readonly Float64Array<ArrayBuffer>[];
  readonly returns: readonly Float64Array<ArrayBuffer>[];
  /** Per completion, over its tokens; 0 where it takes no part. */
  readonly meanAdvantages: Float64Array;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Whether a completion is learned from: it has tokens and a reward, and is not masked for being truncated. */
export function takesPart(one: Estimated, total: number | null, settings: Masking): boolean {
  return total !== null && !isMasked(one, settings);
}

/**
 * Token rewards (token-rewards.ts) through GAE to advantages and returns, over the completions that take part. Whitening is over all
 * tokens of the step, not of a minibatch, so that it does not depend on the cut. Returns come from the advantages before whitening.
 */
export function estimate(
  completions: readonly Estimated[],
  { totals, tokenTotals }: EstimatedRewards,
  scores: RolloutScores,
  settings: PpoSettings & Masking,
): Estimates {
  const active = [...completions.keys()].filter((i) =>
    takesPart(completions[i], totals[i], settings),
  );
  const paid = active.map((i) =>
    tokenRewards(
      {
        total: totals[i] ?? 0,
        tokenTotals: tokenTotals?.[i] ?? null,
        truncated: completions[i].truncated,
        old: scores.old[i],
        ref: scores.ref?.[i] ?? null,
      },
      settings,
    ),
  );
  const raw = paid.map(({ rewards }) => rewards);
  const rewards = settings.whiten_rewards ? whiten(raw, { keepMean: true }) : raw;
  const estimated = rewards.map((list, k) => gae(list, scores.values[active[k]], settings));
  const plain = estimated.map(({ advantages }) => advantages);
  const white = settings.whiten_advantages ? whiten(plain) : plain;
  const place = (lists: readonly Float64Array<ArrayBuffer>[]) => {
    const all = completions.map(() => new Float64Array());
    active.forEach((i, k) => {
      all[i] = lists[k];
    });
    return all;
  };
  const advantages = place(white);
  const values = active.map((i) => scores.values[i]);
  const returns = estimated.map((one) => one.returns);
  const { mean, variance } = momentsOf(plain);
  const each = (of: (one: (typeof paid)[number]) => number) =>
    paid.reduce((sum, one) => sum + of(one), 0) / Math.max(1, paid.length);
  return {
    advantages,
    returns: place(returns),
    meanAdvantages: Float64Array.from(advantages, (list) => momentsOf([list]).mean),
    metrics: {
      ...(scores.ref && { 'objective/kl': each(({ kl }) => kl ?? 0) }),
      'objective/non_score_reward': each(({ nonScore }) => nonScore),
      'value/mean': momentsOf(values).mean,
      'value/explained_variance': explainedVariance(returns, values),
      'advantages/mean': mean,
      'advantages/std': Math.sqrt(variance),
    },
  };
}
