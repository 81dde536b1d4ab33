/** Steps, and time, to equal accuracy. */

import { type Estimate, ratioEstimate } from '../../src/rl/over-seeds.ts';
import { ratio, withInterval } from '../lib/format.ts';
import type { RawRun } from '../lib/raw.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { firstStepAt, points, type Results } from '../lib/results.ts';

/** Held-out accuracy is smoothed over this many evaluations before a level counts as reached. */
export const WINDOW = 3;

interface Race {
  /** How many times fewer steps. */
  readonly fewer: number;
  /** How many times less time, by the median time of a step of each run. */
  readonly sooner: number;
  readonly reached: boolean;
}

/**
 * Steps that RLVR took to its own last accuracy over those that the arm took to it, both on smoothed curves. An arm that never
 * gets there counts as if it had at its last step, which is better than it did.
 */
function race(run: RawRun, base: RawRun): Race | undefined {
  const own = base.series['eval/accuracy'];
  const level = points(own, WINDOW).at(-1)?.[1];
  if (level === undefined) return undefined;
  const baseStep = firstStepAt(own, level, WINDOW);
  const step = firstStepAt(run.series['eval/accuracy'], level, WINDOW);
  if (!baseStep || step === 0) return undefined;
  const fewer = baseStep / (step ?? run.steps);
  const sooner = (fewer * base.timing.step) / run.timing.step;
  return { fewer, sooner, reached: step !== undefined };
}

/** Every run of an arm against the base's of the same seed. */
function races(results: Results, arm: string, base: string): Race[] {
  return results.runs
    .filter((run) => run.arm === arm)
    .flatMap((run) => {
      const other = results.runs.find((one) => one.arm === base && one.seed === run.seed);
      return (other && race(run, other)) ?? [];
    });
}

/** How many times fewer steps an arm takes. */
export function speedUp(results: Results, arm: string, base: string): Estimate | undefined {
  return ratioEstimate(races(results, arm, base).map(({ fewer }) => fewer));
}

/** How many times less time an arm takes. */
export function timeSpeedUp(results: Results, arm: string, base: string): Estimate | undefined {
  return ratioEstimate(races(results, arm, base).map(({ sooner }) => sooner));
}

/** Steps to equal accuracy, arm by arm. @param time whether times can be compared: no arm measures what it does not pay */
export function raceTable(results: Results, base: string, time = false): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== base)
    .flatMap(({ id, label }) => {
      const all = races(results, id, base);
      if (all.length === 0) return [];
      const reached = all.filter((one) => one.reached).length;
      const sooner = time ? [withInterval(timeSpeedUp(results, id, base), ratio, 'x')] : [];
      return [
        [
          label,
          withInterval(speedUp(results, id, base), ratio, 'x'),
          ...sooner,
          `${reached} of ${all.length}`,
        ],
      ];
    });
  if (rows.length === 0) return [];
  return [
    subheading(time ? 'Steps and time to equal accuracy' : 'Steps to equal accuracy'),
    text(
      `The level is RLVR’s own held-out accuracy at the end, of the same seed, as a trailing mean over ${WINDOW} evaluations. The number is how many times fewer steps the arm needed to its first such mean at that level than RLVR to its own; above 1 is faster. A seed that never gets there counts with its last step, and so as at most 1; a seed in which RLVR ends no higher than it began has no race.${time ? ' Time is steps by the median time of a step of the same run, without evaluations.' : ''}`,
    ),
    table(
      ['Arm', 'Times fewer steps', ...(time ? ['Times less time'] : []), 'Seeds that got there'],
      rows,
    ),
  ];
}
