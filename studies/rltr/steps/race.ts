/** Steps to equal accuracy. */
import { ratio, withInterval } from '../../lib/format.ts';
import type { RawRun } from '../../lib/raw.ts';
import { type Block, subheading, table, text } from '../../lib/report.ts';
import { firstStepAt, points, type Results } from '../../lib/results.ts';
import { type Estimate, ratioEstimate } from '../../lib/statistics.ts';
import { BASE, WINDOW } from './measures.ts';

interface Race {
  /** How many times fewer. */
  readonly fewer: number;
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
  return { fewer: baseStep / (step ?? run.steps), reached: step !== undefined };
}

/** Every arm's race against RLVR of the same seed. */
function races(results: Results, arm: string): Race[] {
  return results.runs
    .filter((run) => run.arm === arm)
    .flatMap((run) => {
      const base = results.runs.find((one) => one.arm === BASE && one.seed === run.seed);
      return (base && race(run, base)) ?? [];
    });
}

/** How many times fewer steps an arm takes. */
export function speedUp(results: Results, arm: string): Estimate | undefined {
  return ratioEstimate(races(results, arm).map(({ fewer }) => fewer));
}

/** Steps to equal accuracy, arm by arm. */
export function raceTable(results: Results): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== BASE)
    .flatMap(({ id, label }) => {
      const all = races(results, id);
      if (all.length === 0) return [];
      const reached = all.filter((one) => one.reached).length;
      return [
        [label, withInterval(speedUp(results, id), ratio, 'x'), `${reached} of ${all.length}`],
      ];
    });
  if (rows.length === 0) return [];
  return [
    subheading('Steps to equal accuracy'),
    text(
      `The level is RLVR’s own held-out accuracy at the end, of the same seed, as a trailing mean over ${WINDOW} evaluations. The number is how many times fewer steps the arm needed to its first such mean at that level than RLVR to its own; above 1 is faster. A seed that never gets there counts with its last step, and so as at most 1; a seed in which RLVR ends no higher than it began has no race.`,
    ),
    table(['Arm', 'Times fewer steps', 'Seeds that got there'], rows),
  ];
}
