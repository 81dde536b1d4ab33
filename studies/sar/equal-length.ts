/** How much more accurate SA-GRPO is than a penalty on length would be at the same length. */

import { type Estimate, estimate, meanOf } from '../../src/rl/over-seeds.ts';
import type { RawRun } from '../lib/raw.ts';
import type { Results } from '../lib/results.ts';
import { accuracy, BASE, isSelfAligned, length } from './numbers.ts';
import { atLength, type Trade } from './pareto.ts';

function trade(run: RawRun): Trade | undefined {
  const a = accuracy(run);
  const l = length(run);
  return a === undefined || l === undefined ? undefined : { accuracy: a, length: l };
}

/** Accuracy of SA-GRPO less that of a penalty at the same length: per seed the mean over the alphas that can be compared. */
export function aboveAtEqualLength(results: Results, penalty: string): Estimate | undefined {
  const perSeed = results.seeds.flatMap((seed) => {
    const own = results.runs.filter((run) => run.seed === seed);
    // Plain GRPO is the penalty with weight 0.
    const family = own
      .filter(({ arm }) => arm === BASE || arm.startsWith(penalty))
      .flatMap((run) => trade(run) ?? []);
    const above = own
      .filter(({ arm }) => isSelfAligned(arm))
      .flatMap((run) => trade(run) ?? [])
      .flatMap((one) => {
        const there = atLength(family, one.length);
        return there === undefined ? [] : [one.accuracy - there];
      });
    return above.length > 0 ? [meanOf(above)] : [];
  });
  return estimate(perSeed);
}

export const AT_EQUAL_LENGTH =
  'At equal length: the accuracy of a penalty at the length of an SA-GRPO run is read off the straight lines between the penalty’s weights (0, which is GRPO, among them) of the same seed; lengths outside of them are left out. A seed’s number is the mean over the alphas that could be compared.';
