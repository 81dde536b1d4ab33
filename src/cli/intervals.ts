/** Intervals in log lines. */
import type { Interval } from '../rl/evaluate/bootstrap.ts';

/** `0.512 (0.447 to 0.577)` */
export function withEnds({ mean, low, high }: Interval): string {
  return `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}
