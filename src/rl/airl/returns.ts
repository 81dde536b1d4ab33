/**
 * From a learned reward per token to advantages, in both published forms. Float64.
 *
 * - mean: a completion's reward is the mean over its tokens; then ordinary GRPO.
 * - token: a_t = (r_t - m) / (s + 1e-4), with the mean m and the sample deviation s of the rewards of the group's last tokens; then
 *   A_t = a_t + gamma A_{t+1}.
 *
 * Source: AIRL for reasoning; its first version has the token form with gamma 0.9, later ones the mean by default.
 * Trap: the first version's code multiplies by powers of gamma and divides by them again, which overflows in float32 beyond some 820 tokens. The
 * recursion from the end does not.
 */
import {
  type Advantages,
  groupAdvantages,
  moments,
  STD_OFFSET,
  ZERO_STD,
} from '../objectives/advantage.ts';
import { discounted } from '../objectives/discounted.ts';
import type { ScaleRewards } from '../objectives/settings.ts';

/** One row per completion, in groups of neighbours: one reward per token; null for a completion without tokens. */
export type TokenRewards = readonly (Float64Array | null)[];

export interface TokenAdvantages {
  /** One row per completion, one number per token; empty where there is no reward. */
  readonly rows: readonly Float64Array[];
  /** One per completion: the mean over its tokens; 0 without tokens. */
  readonly means: Float64Array;
  readonly metrics: Advantages['metrics'];
}

export interface Grouping {
  readonly groupSize: number;
  /** False is a control: the reward itself is the advantage, neither centred in its group nor scaled. */
  readonly centred: boolean;
}

/** Mean over the tokens of each completion; null without tokens. */
export function meanRewards(rewards: TokenRewards): (number | null)[] {
  return rewards.map((row) => (row === null || row.length === 0 ? null : meanOfRow(row)));
}

/**
 * The mean form: every token of a completion has the same advantage.
 * @param values what each completion is paid, where it is not the mean of its own rewards
 * @throws RangeError where the rows are not whole groups
 */
export function meanAdvantages(
  rewards: TokenRewards,
  scale: ScaleRewards,
  { groupSize, centred }: Grouping,
  values: readonly (number | null)[] = meanRewards(rewards),
): TokenAdvantages {
  const { advantages, metrics } = groupAdvantages(values, groupSize, scale);
  const means = centred ? advantages : Float64Array.from(values, (value) => value ?? 0);
  const rows = rewards.map((row, i) => new Float64Array(row?.length ?? 0).fill(means[i]));
  return { rows, means, metrics };
}

/**
 * The token form. Where the last tokens of a group all have the same reward, nothing compares its completions and the group's advantages are 0; the
 * published form would divide by 1e-4. The metrics are those of the last tokens' rewards.
 * @param gamma what an advantage one token later is worth, 0 to 1
 * @throws RangeError where the rows are not whole groups
 */
export function discountedAdvantages(
  rewards: TokenRewards,
  gamma: number,
  { groupSize, centred }: Grouping,
): TokenAdvantages {
  const lasts = rewards.map((row) => row?.at(-1) ?? null);
  const { metrics } = groupAdvantages(lasts, groupSize, 'group');
  const rows = rewards.map((row, i) => {
    if (row === null) return new Float64Array();
    if (!centred) return discounted(row, gamma);
    const start = i - (i % groupSize);
    const { mean, std } = moments(lasts.slice(start, start + groupSize));
    if (std <= ZERO_STD) return new Float64Array(row.length);
    return discounted(
      row.map((reward) => (reward - mean) / (std + STD_OFFSET)),
      gamma,
    );
  });
  const means = Float64Array.from(rows, (row) => (row.length === 0 ? 0 : meanOfRow(row)));
  return { rows, means, metrics };
}

function meanOfRow(row: Float64Array): number {
  return row.reduce((sum, value) => sum + value, 0) / row.length;
}
