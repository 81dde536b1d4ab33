/** Where compared groups stand, as data: one number of each, or two, with intervals and seeds. */
import {
  counted,
  estimateOf,
  resultOf,
  type SeedResult,
  seriesOf,
} from '../../lab/run-groups/over-steps.ts';
import type { Estimate } from '../../rl/over-seeds.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import type { Metric } from '../stored/group-words.ts';
import type { Comparison } from './comparison.ts';

/** What a bar shows of each seed: its number at the step that all have, or the best that it ever had. */
export type BarOf = 'last' | 'best';

export interface Bar {
  readonly row: GroupRow;
  readonly slot: number;
  /** Null where nothing was recorded. */
  readonly values: SeedResult['values'];
  readonly estimate: Estimate;
}

/** Which way is better where two numbers are weighed: answers as short and a policy as near to its reference as may be. Null where neither is. */
export function wanted({ id, better }: Metric): 'high' | 'low' | null {
  return ['completions/mean_length', 'kl'].includes(id) ? 'low' : better;
}

/** Groups in their order; those of which nothing was recorded are left out. */
export function barsOf({ groups, metric }: Comparison, of: BarOf): readonly Bar[] {
  return groups.flatMap(({ row, slot, result }) => {
    if (of === 'last')
      return result ? [{ row, slot, values: result.values, estimate: result.estimate }] : [];
    const best = wanted(metric) === 'low' ? Math.min : Math.max;
    const values = counted(row.group.runs).flatMap((run) => {
      const all = seriesOf(run, metric.id).values;
      return all.length === 0 ? [] : [{ seed: run.seed, value: all.reduce((a, b) => best(a, b)) }];
    });
    if (values.length === 0) return [];
    return [{ row, slot, values, estimate: estimateOf(values.map(({ value }) => value)) }];
  });
}

/** A group's name beside its point. No single setting stands behind one whose settings were moved while it went. */
export function pointName({ name, group }: GroupRow): string {
  return group.runs[0].changes.length > 0 ? `${name}, moved live` : name;
}

export interface Place {
  readonly row: GroupRow;
  readonly slot: number;
  readonly x: Estimate;
  readonly y: Estimate;
  /** Seeds that have both. */
  readonly seeds: readonly { readonly seed: number; readonly x: number; readonly y: number }[];
  /** No other group is as good in both means and better in one; null where a number has no better side. */
  readonly unbeaten: boolean | null;
}

/** Groups by two numbers, each at the last step at which all of a group's seeds have it. */
export function placesOf({ groups, metric: y }: Comparison, x: Metric): readonly Place[] {
  const places = groups.flatMap(({ row, slot, result }) => {
    const along = resultOf(row.group.runs, x.id);
    if (!along || !result) return [];
    const seeds = along.values.flatMap(({ seed, value }) => {
      const up = result.values.find((one) => one.seed === seed);
      return up ? [{ seed, x: value, y: up.value }] : [];
    });
    return [{ row, slot, x: along.estimate, y: result.estimate, seeds }];
  });
  const [byX, byY] = [wanted(x), wanted(y)];
  if (byX === null || byY === null) return places.map((place) => ({ ...place, unbeaten: null }));
  const gain = (place: (typeof places)[number]) => [
    (byX === 'high' ? 1 : -1) * place.x.mean,
    (byY === 'high' ? 1 : -1) * place.y.mean,
  ];
  const beats = (a: (typeof places)[number], b: (typeof places)[number]) => {
    const [p, q] = [gain(a), gain(b)];
    return p.every((one, i) => one >= q[i]) && p.some((one, i) => one > q[i]);
  };
  return places.map((place) => ({
    ...place,
    unbeaten: !places.some((other) => beats(other, place)),
  }));
}

/** The unbeaten places from left to right. */
export function frontOf(places: readonly Place[]): readonly Place[] {
  return places.filter(({ unbeaten }) => unbeaten).sort((a, b) => a.x.mean - b.x.mean);
}
