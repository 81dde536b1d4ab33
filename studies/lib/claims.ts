/** Verdicts on what a paper found, by one rule from our interval. */

import type { Estimate } from '../../src/rl/over-seeds.ts';
import type { Show } from './format.ts';

/** A claim put to a number. */
export interface Test {
  /** Our number; undefined where it was not measured. */
  readonly ours: Estimate | undefined;
  readonly show: Show;
  /** Stands behind our number: `points`, `x`. */
  readonly unit: string;
  /** Which way the claim goes from `border`: 1 above it, -1 below. */
  readonly direction: 1 | -1;
  /** What divides the claim from its opposite: 0 of a difference, 1 of a ratio, less where little is called nothing. */
  readonly border: number;
  /** What the interval is over; seeds where left out. */
  readonly over?: 'questions';
}

export type Verdict = 'holds' | 'does not hold' | 'not decided at this size' | 'not measured';

/**
 * `holds`: the whole interval lies on the paper's side of the border. `does not hold`: the whole interval lies on the other side, or
 * on the border. Else it is not decided. One seed has no interval and decides nothing.
 */
export function verdict({ ours, direction, border }: Test): Verdict {
  if (!ours) return 'not measured';
  const { low, high } = ours;
  if (low === null || high === null) return 'not decided at this size';
  const [near, far] = direction > 0 ? [low, high] : [-high, -low];
  const edge = direction * border;
  if (near > edge) return 'holds';
  return far <= edge ? 'does not hold' : 'not decided at this size';
}

export const RULE =
  'A claim **holds** here where the whole 95 % interval lies on the side of the border that the paper names, **does not hold** where the whole interval lies on the other side, and is **not decided at this size** otherwise. The border is no effect (a difference of 0, a ratio of 1) unless it is said otherwise. The verdicts are computed from the intervals by this rule.';
