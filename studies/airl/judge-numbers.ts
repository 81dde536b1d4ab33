/** What the reward models said, as findings and sections ask for it: means over the seeds of the models. */
import { type Estimate, estimate } from '../../src/rl/over-seeds.ts';
import type { Results } from '../lib/results.ts';
import { MOST, QUESTIONS } from './asked.ts';
import type { RawFound, RawInterval, RawJudge, RawJudges } from './judges.ts';
import type { Granularity } from './setting.ts';

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

/** A number that does not ask the reward, so that all models share it: its interval is over questions. */
export function overQuestions(
  results: Results,
  which: Which,
  read: (judge: RawJudge) => { readonly interval: RawInterval | undefined; readonly n: number },
): Estimate | undefined {
  const [judge] = judgesOf(results, which);
  if (!judge) return undefined;
  const { interval, n } = read(judge);
  if (!interval) return undefined;
  const [mean, low, high] = interval;
  return { mean, low, high, n };
}

/** What a way to choose gains over one sample. */
export const gainOf =
  (chooser: string, n = MOST) =>
  ({ rerank }: RawJudge) => ({
    interval: rerank.find((row) => row.n === n)?.gains[chooser],
    n: QUESTIONS,
  });

/** How much more often than by chance the policy's own log-probability hits the first wrong step. */
export function ownHitLessChance(judge: RawJudge) {
  const chance = hit('chance')(judge) ?? 0;
  const [mean, low, high] = judge.own_hit;
  const interval: RawInterval = [mean - chance, low - chance, high - chance];
  return { interval, n: QUESTIONS };
}
