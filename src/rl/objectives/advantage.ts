/** Group advantages: how much better a completion did than the others for its question. */
import type { ScaleRewards } from './settings.ts';

/** Added to the standard deviation before dividing, as in TRL 1.13. */
export const STD_OFFSET = 1e-4;
/** At or below this a standard deviation counts as zero: the absolute tolerance of torch.isclose, which TRL 1.13 uses. */
export const ZERO_STD = 1e-8;

export interface Advantages {
  /** One per completion, in the order given. */
  readonly advantages: Float64Array;
  readonly metrics: {
    /** Mean over groups of the group's mean reward. TRL 1.13 takes the mean of all rewards, which differs only where some are null. */
    readonly reward: number;
    /** Sample standard deviation of the rewards of the whole batch, as TRL 1.13 whatever `scale_rewards` is. */
    readonly reward_std: number;
    /** Mean over groups of the group's sample standard deviation. Rows of earlier builds hold it as `reward_std`. */
    readonly reward_group_std: number;
    /** Share of groups whose rewards are all equal: they give no gradient. */
    readonly frac_reward_zero_std: number;
  };
}

/**
 * A_i = (r_i - mean of its group) / (std + 1e-4), with the sample standard deviation (n - 1, as torch) of the group
 * (`group`), of the whole batch (`batch`) or without dividing (`none`).
 *
 * Source: DeepSeekMath (Shao et al. 2024), section 4.1.2; `none` is Dr. GRPO (Liu et al. 2025), section 3.2.
 *
 * A reward of null (no term could score the completion) gets advantage 0 and is left out of the means. Equal rewards give
 * exactly 0. Traps: `batch` still subtracts the group's mean. TRL 1.13 counts zero-variance groups by the batch's std in
 * that mode; here they are counted by group in every mode, because the number says how many questions taught nothing.
 *
 * @param rewards weighted totals, in groups of `groupSize` neighbours.
 * @throws RangeError unless the length is a multiple of `groupSize`.
 */
export function groupAdvantages(
  rewards: readonly (number | null)[],
  groupSize: number,
  scale: ScaleRewards,
): Advantages {
  if (!Number.isInteger(groupSize) || groupSize < 1 || rewards.length % groupSize !== 0) {
    throw new RangeError(`${rewards.length} rewards do not make groups of ${groupSize}`);
  }
  const advantages = new Float64Array(rewards.length);
  const batchStd = moments(rewards).std;
  const means: number[] = [];
  const stds: number[] = [];
  let zeroStd = 0;
  let groups = 0;
  for (let start = 0; start < rewards.length; start += groupSize) {
    const group = rewards.slice(start, start + groupSize);
    const { count, mean, std } = moments(group);
    groups++;
    if (std <= ZERO_STD) zeroStd++;
    if (count === 0) continue;
    means.push(mean);
    stds.push(std);
    const divisor = scale === 'none' ? 1 : (scale === 'group' ? std : batchStd) + STD_OFFSET;
    group.forEach((reward, i) => {
      advantages[start + i] = reward === null ? 0 : (reward - mean) / divisor;
    });
  }
  return {
    advantages,
    metrics: {
      reward: moments(means).mean,
      reward_std: batchStd,
      reward_group_std: moments(stds).mean,
      frac_reward_zero_std: groups === 0 ? 0 : zeroStd / groups,
    },
  };
}

/** Count, mean and sample standard deviation of the values that are not null; 0 where there are too few. */
export function moments(values: readonly (number | null)[]): {
  count: number;
  mean: number;
  std: number;
} {
  const known = values.filter((value) => value !== null);
  const count = known.length;
  if (count === 0) return { count, mean: 0, std: 0 };
  // Sums distances from the first value, so that the mean of equal rewards is exact and rounding is no signal.
  const mean = known[0] + known.reduce((sum, value) => sum + (value - known[0]), 0) / count;
  if (count === 1) return { count, mean, std: 0 };
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count, mean, std: Math.sqrt(squares / (count - 1)) };
}
