/** Chosen groups compared, as data: what each came to, how it got there, and what differs seed by seed from the first. */
import {
  counted,
  curveOf,
  type SeedResult,
  seriesOf,
  stepsTo,
} from '../../lab/run-groups/over-steps.ts';
import { type PairedPoint, pairedCurve, pairedSteps } from '../../lab/run-groups/paired.ts';
import { TASKS } from '../../rl/experiment/catalog.ts';
import { type Estimate, meanOf } from '../../rl/over-seeds.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import { METRICS, type Metric, metricOf } from '../stored/group-words.ts';

export interface Compared {
  readonly row: GroupRow;
  readonly slot: number;
  /** Mean over the counted seeds at every step that all of them have. */
  readonly curve: readonly SeedResult[];
  /** At the step that all groups have; null where they have none. */
  readonly result: SeedResult | null;
  /** First step at or above the level: mean over the seeds that get there, and how many do not. */
  readonly toLevel: { readonly mean: number; readonly missed: number; readonly n: number } | null;
  /** The first group less this one; null for the first. */
  readonly pair: Pair | null;
}

export interface Pair {
  readonly curve: readonly PairedPoint[];
  /** At the last step that both have; null where no seed is in both. */
  readonly last: PairedPoint | null;
  readonly toLevel: Estimate | null;
}

export interface Comparison {
  readonly metric: Metric;
  /** The last step that all groups have; null where there is none. */
  readonly step: number | null;
  readonly level: number;
  readonly groups: readonly Compared[];
  /** More than one is named above the charts. */
  readonly adapters: readonly string[];
  readonly builds: readonly string[];
  /** The task of each, one entry for each that is not as the others, options included. */
  readonly tasks: readonly string[];
}

interface Asked {
  readonly metric: string;
  /** Null for one that all groups reach. */
  readonly level: number | null;
  readonly slotOf: (key: string) => number;
}

export function compare(rows: readonly GroupRow[], { metric, level, slotOf }: Asked): Comparison {
  const curves = rows.map(({ group }) => curveOf(group.runs, metric));
  const step = lastCommonStep(curves);
  const results = curves.map((curve) => curve.find((one) => one.step === step) ?? null);
  const asked = level ?? easyLevel(results, metricOf(metric).share);
  const runs = rows.flatMap(({ group }) => counted(group.runs));
  const [first] = rows;
  return {
    ...{ metric: metricOf(metric), step, level: asked },
    groups: rows.map((row, i) => ({
      ...{ row, slot: slotOf(row.key), curve: curves[i], result: results[i] },
      toLevel: levelOf(row, metric, asked),
      pair: i === 0 ? null : pairOf(first, row, metric, asked),
    })),
    adapters: [...new Set(runs.map(({ adapter }) => adapter))],
    builds: [...new Set(runs.map(({ build }) => build))],
    tasks: tasksOf(rows),
  };
}

function tasksOf(rows: readonly GroupRow[]): readonly string[] {
  const tasks = rows.map(({ group }) => group.runs[0].experiment.task);
  const apart = new Map(tasks.map((task) => [JSON.stringify(task), TASKS[task.id].label]));
  return [...apart.values()];
}

function pairOf(first: GroupRow, second: GroupRow, metric: string, level: number): Pair {
  const curve = pairedCurve(first.group.runs, second.group.runs, metric);
  return {
    ...{ curve, last: curve.at(-1) ?? null },
    toLevel: pairedSteps(first.group.runs, second.group.runs, metric, level),
  };
}

function levelOf({ group }: GroupRow, metric: string, level: number): Compared['toLevel'] {
  const all = stepsTo(group.runs, metric, level);
  const there = all.flatMap(({ step }) => step ?? []);
  if (there.length === 0) return null;
  return { mean: meanOf(there), missed: all.length - there.length, n: all.length };
}

function lastCommonStep(curves: readonly (readonly SeedResult[])[]): number | null {
  const [first, ...others] = curves.map((curve) => new Set(curve.map(({ step }) => step)));
  const common = [...(first ?? [])].filter((step) => others.every((one) => one.has(step)));
  return common.length === 0 ? null : Math.max(...common);
}

/** A round number that every group's mean has reached. */
function easyLevel(results: readonly (SeedResult | null)[], share: boolean): number {
  const means = results.flatMap((result) => result?.estimate.mean ?? []);
  if (means.length === 0) return 0.5;
  const least = Math.min(...means);
  return share ? Math.max(0, Math.floor(20 * least) / 20) : Number(least.toPrecision(2));
}

/** What the runs of some groups can be compared by. */
export function metricsOf(rows: readonly GroupRow[]): readonly Metric[] {
  const runs = rows.flatMap(({ group }) => group.runs);
  return METRICS.filter(({ id }) => runs.some((run) => seriesOf(run, id).values.length > 0));
}
