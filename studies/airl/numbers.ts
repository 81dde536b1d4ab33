/** Numbers of the AIRL study. */
import { evaluated, late, type Measure, points } from '../lib/results.ts';
import { WARM_UP } from './setting.ts';

export const accuracy = evaluated('test', (e) => e.accuracy);

/** Over how many of the last steps a number of training is meant. */
export const LATE = 20;
/** Over how many of the first. */
export const FIRST = 10;

export const gapAtLast = late('discriminator/gap', LATE);
export const toldAtLast = late('discriminator/accuracy', LATE);

/** The mean reward of the policy's answers over the last steps less that when it began to learn. */
export const rewardRise: Measure = (run) => {
  const from = points(run.series['rewards/learned/mean']).filter(
    ([step]) => step > WARM_UP && step <= WARM_UP + FIRST,
  );
  const end = late('rewards/learned/mean', LATE)(run);
  if (from.length === 0 || end === undefined) return undefined;
  return end - from.reduce((sum, [, value]) => sum + value, 0) / from.length;
};

/** How often traces are told from experts' in the last steps of the warm-up. */
export const toldAtWarmUp: Measure = (run) => {
  const there = points(run.series['discriminator/accuracy']).filter(
    ([step]) => step > WARM_UP - FIRST && step <= WARM_UP,
  );
  if (there.length === 0) return undefined;
  return there.reduce((sum, [, value]) => sum + value, 0) / there.length;
};

/** Held-out accuracy lost at worst: the highest evaluation before less the one after, over the run. 0 where it never falls. */
export const largestFall: Measure = ({ series }) => {
  const all = points(series['eval/accuracy']).map(([, value]) => value);
  if (all.length < 2) return undefined;
  let best = all[0];
  let fall = 0;
  for (const value of all) {
    best = Math.max(best, value);
    fall = Math.max(fall, best - value);
  }
  return fall;
};
