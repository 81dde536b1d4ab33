/** What the reward models said, as findings and sections ask for it: means over the seeds of the models. */
import { type Estimate, estimate } from '../../src/rl/over-seeds.ts';
import type { Results } from '../lib/results.ts';
import type { RawFound, RawJudge, RawJudges } from './judges.ts';
import type { Granularity } from './setting.ts';

/** Answers to choose from. */
export const MOST = 16;

export interface Which {
  readonly from: string;
  /** Its home where left out. */
  readonly on?: string;
  readonly granularity?: Granularity;
}

export function judgesOf(results: Results, which: Which): readonly RawJudge[] {
  const { from, on = from, granularity = 'dense' } = which;
  const all = (results.probe as RawJudges | undefined)?.judges ?? [];
  return all.filter((one) => one.from === from && one.on === on && one.granularity === granularity);
}

/** Mean of a number over the models' seeds. */
export function over(
  results: Results,
  which: Which,
  read: (judge: RawJudge) => number | null | undefined,
): Estimate | undefined {
  return estimate(
    judgesOf(results, which).flatMap((judge) => {
      const value = read(judge);
      return value === null || value === undefined ? [] : [value];
    }),
  );
}

/** Accuracy of a way to choose. */
export const chosen =
  (chooser: string, n = MOST) =>
  ({ rerank }: RawJudge) =>
    rerank.find((row) => row.n === n)?.choosers[chooser];

/** How much more often one way to choose is right than another, on the same answers. */
export const chosenLess =
  (chooser: string, base: string, n = MOST) =>
  (judge: RawJudge) =>
    less(chosen(chooser, n)(judge), chosen(base, n)(judge));

type Traces = 'natural' | 'injected';
type Grid = keyof Omit<RawFound, 'traces'>;

/** Share of traces in which a finder's first pick hits the first wrong step. */
export const hit =
  (finder: string, traces: Traces = 'natural', grid: Grid = 'steps') =>
  (judge: RawJudge) =>
    judge[traces][grid][finder];

export const hitLess =
  (finder: string, base: string, traces: Traces = 'natural', grid: Grid = 'steps') =>
  (judge: RawJudge) =>
    less(hit(finder, traces, grid)(judge), hit(base, traces, grid)(judge));

function less(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a - b;
}
