/** How far a sweep is, from the runs that are stored, and what it came to. */

import { LEAST_SEEDS } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import {
  type CellResult,
  cellResults,
  defaultMetric,
  type Finished,
} from '../../lab/sweep/results.ts';
import type { Cell, Plan, SweepRun } from '../../lab/sweep/sweep.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { Job } from '../queue/queue.ts';
import { settingAt, valueText } from '../settings.ts';
import { lower } from '../stored/group-words.ts';

/** The stored runs that are the sweep's: done, on this adapter, and not changed while they ran. */
export function finishedOf(
  seeds: readonly SeedRun[],
  adapter: string | undefined,
): readonly Finished[] {
  return seeds
    .filter((run) => run.state === 'done' && run.changes.length === 0 && run.adapter === adapter)
    .map(({ experimentHash, hash, metrics }) => ({
      id: experimentHash.slice(0, 16),
      hash,
      metrics,
    }));
}

export interface Progress {
  readonly done: number;
  readonly all: number;
  /** Runs that are neither done nor in the queue. */
  readonly left: readonly SweepRun[];
}

export function progressOf(
  { runs }: Plan,
  finished: readonly Finished[],
  queued: readonly Job[],
): Progress {
  const done = new Set(finished.map(({ id }) => id));
  const waiting = new Set(queued.map(({ id }) => id));
  return {
    done: runs.filter(({ id }) => done.has(id)).length,
    all: runs.length,
    left: runs.filter(({ id }) => !done.has(id) && !waiting.has(jobId(id))),
  };
}

/** The same run is the same job, so it cannot be queued twice. */
const jobId = (run: string) => `sweep-${run}`;

/** Jobs for runs of a sweep, called by the values of their cells. @param preset id of the one that they are nearest to */
export function sweepJobs(
  { cells }: Plan,
  runs: readonly SweepRun[],
  preset: string,
): readonly Job[] {
  return runs.map(({ id, cell, experiment }) => ({
    ...{ id: jobId(id), name: cellName(experiment, cells[cell]), preset, experiment, stored: null },
  }));
}

/** `learning rate 1.0e−4, KL weight 0.01`. */
export function cellName(experiment: Experiment, cell: Cell): string {
  const parts = Object.entries(cell).map(([path, value]) => {
    const setting = settingAt(experiment, path)?.setting;
    return setting ? `${lower(setting.label)} ${valueText(setting, value)}` : `${path} ${value}`;
  });
  return parts.join(', ').slice(0, 200) || 'Sweep';
}

export interface SweepResults {
  readonly metric: string;
  /** Without interval below three seeds. */
  readonly cells: readonly CellResult[];
}

export function sweepResults(plan: Plan, finished: readonly Finished[]): SweepResults {
  const own = new Set(plan.runs.map(({ id }) => id));
  const ours = finished.filter(({ id }) => own.has(id));
  const metric = defaultMetric(ours);
  const cells = cellResults(plan, ours, metric).map((cell) =>
    cell.result && cell.result.n < LEAST_SEEDS
      ? { ...cell, result: { ...cell.result, low: null, high: null } }
      : cell,
  );
  return { metric, cells };
}

export interface HeatMap {
  readonly across: { readonly path: string; readonly values: readonly unknown[] };
  readonly down: { readonly path: string; readonly values: readonly unknown[] } | null;
  /** By row and column; null where nothing is known. */
  readonly means: readonly (readonly (number | null)[])[];
}

/** The means over the two settings that vary, or the one; null where other numbers of settings do. */
export function heatMap(cells: readonly CellResult[]): HeatMap | null {
  const paths = Object.keys(cells[0]?.cell ?? {});
  const valuesAt = (path: string) => [...new Set(cells.map(({ cell }) => cell[path]))];
  const varied = paths.filter((path) => valuesAt(path).length > 1);
  if (varied.length < 1 || varied.length > 2) return null;
  const [across, down] = varied.toReversed().map((path) => ({ path, values: valuesAt(path) }));
  const means = (down?.values ?? [undefined]).map((row) =>
    across.values.map((column) => {
      const found = cells.find(
        ({ cell }) => cell[across.path] === column && (!down || cell[down.path] === row),
      );
      return found?.result?.mean ?? null;
    }),
  );
  return { across, down: down ?? null, means };
}
