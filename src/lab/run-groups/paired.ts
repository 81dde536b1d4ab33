/** Two groups compared seed by seed: what the seeds have in common drops out of the difference. */
import type { Estimate } from '../../rl/over-seeds.ts';
import { commonSteps, counted, estimateOf, LEAST_SEEDS, stepsTo, valuesAt } from './over-steps.ts';
import type { SeedRun } from './seed-run.ts';

export interface PairedPoint {
  readonly step: number;
  /** First less second, by seed. */
  readonly differences: readonly { readonly seed: number; readonly value: number }[];
  /** Without interval below three seeds. */
  readonly estimate: Estimate;
}

/** First less second at every step that all runs of their common seeds have; empty where there is none. */
export function pairedCurve(
  first: readonly SeedRun[],
  second: readonly SeedRun[],
  metric: string,
): readonly PairedPoint[] {
  const pairs = pairsOf(first, second).map(({ seed, a, b }) => ({
    ...{ seed, a: valuesAt(a, metric), b: valuesAt(b, metric) },
  }));
  const measured = pairs.filter(({ a, b }) => a.size > 0 && b.size > 0);
  return commonSteps(measured.flatMap(({ a, b }) => [a, b])).map((step) => {
    const at = (one: ReadonlyMap<number, number>) => one.get(step) ?? Number.NaN;
    return pointOf(
      step,
      measured.map(({ seed, a, b }) => ({ seed, value: at(a) - at(b) })),
    );
  });
}

/** Steps to a level, first less second, over the common seeds of which both get there; null where none does. */
export function pairedSteps(
  first: readonly SeedRun[],
  second: readonly SeedRun[],
  metric: string,
  level: number,
): Estimate | null {
  const theirs = new Map(stepsTo(second, metric, level).map(({ seed, step }) => [seed, step]));
  const differences = stepsTo(first, metric, level).flatMap(({ seed, step }) => {
    const other = theirs.get(seed);
    return step === null || other === null || other === undefined ? [] : [step - other];
  });
  return differences.length === 0 ? null : estimateOf(differences);
}

/** The runs that count, by the seeds that both groups have. */
function pairsOf(first: readonly SeedRun[], second: readonly SeedRun[]) {
  const theirs = new Map(counted(second).map((run) => [run.seed, run]));
  return counted(first).flatMap((a) => {
    const b = theirs.get(a.seed);
    return b ? [{ seed: a.seed, a, b }] : [];
  });
}

function pointOf(step: number, differences: PairedPoint['differences']): PairedPoint {
  return { step, differences, estimate: estimateOf(differences.map(({ value }) => value)) };
}

/** `few` seeds have no interval; `open` is an interval that holds 0. */
export type Verdict = 'first' | 'second' | 'open' | 'few';

/** What an interval decides: nothing where it holds 0. */
export function verdictOf({ low, high, n }: Estimate): Verdict {
  if (n < LEAST_SEEDS || low === null || high === null) return 'few';
  if (low > 0) return 'first';
  return high < 0 ? 'second' : 'open';
}
