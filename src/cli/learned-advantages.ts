/** Both forms of advantage from a learned reward per token, for `reward`: lines of one question are a group. */
import { discountedAdvantages, meanAdvantages, meanRewards } from '../rl/airl/returns.ts';
import type { MethodSettings } from '../rl/experiment/schema.ts';
import { methodOf } from '../rl/methods/index.ts';
import type { TokenRewardUse } from '../rl/methods/method.ts';
import { moments, STD_OFFSET } from '../rl/objectives/advantage.ts';
import type { ScaleRewards } from '../rl/objectives/settings.ts';

/** What the forms need. */
export interface AdvantageSettings extends TokenRewardUse {
  readonly scale_rewards: ScaleRewards;
}

/** For a method that has no rewards per token: AIRL's defaults. */
const PLAIN: TokenRewardUse = { gamma: 0.9, center_rewards: true };

export function advantageSettings(method: MethodSettings): AdvantageSettings {
  return {
    scale_rewards: 'scale_rewards' in method ? method.scale_rewards : 'group',
    ...(methodOf(method).tokenRewards ?? PLAIN),
  };
}

/** A line's advantage in the form `mean`, the same for all its tokens, and in the form `token`, one per token; null without tokens. */
export interface LineAdvantages {
  readonly mean: number | null;
  readonly token: readonly number[] | null;
}

/**
 * @param rewards one row per line, one number per token; null for a line without tokens
 * @param groups one number per line; lines of a group are neighbours, and groups may differ in size
 */
export function advantagesOf(
  rewards: readonly (readonly number[] | null)[],
  groups: readonly number[],
  { scale_rewards: scale, gamma, center_rewards: centred }: AdvantageSettings,
): LineAdvantages[] {
  const rows = rewards.map((row) => (row === null ? null : Float64Array.from(row)));
  const whole = scale === 'batch' && centred;
  const divisor = whole ? moments(meanRewards(rows)).std + STD_OFFSET : 1;
  const lines: LineAdvantages[] = [];
  while (lines.length < rows.length) {
    const from = lines.length;
    const groupSize = groups.filter((group) => group === groups[from]).length;
    const own = rows.slice(from, from + groupSize);
    const grouping = { groupSize, centred };
    const mean = meanAdvantages(own, whole ? 'none' : scale, grouping);
    const token = discountedAdvantages(own, gamma, grouping);
    own.forEach((row, i) => {
      lines.push({
        mean: row === null ? null : mean.means[i] / divisor,
        token: row === null ? null : Array.from(token.rows[i]),
      });
    });
  }
  return lines;
}
