/** What is queued for groups of stored runs: the seeds that they do not have. */
import { missingSeeds } from '../../lab/run-groups/groups.ts';
import type { Page } from '../context.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import { sameSetting } from './estimate.ts';
import type { Job } from './queue.ts';

/** The last seed of a figure, if nobody says another; and the last that may be asked for. */
export const FIVE_SEEDS = 5;
export const MOST_SEEDS = 50;

/** 1, 2, 3 and so on. */
export function seedsUpTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

interface Known {
  readonly all: readonly GroupRow[];
  readonly queued: readonly Job[];
  /** The adapter that would run them: runs of another one are another group. */
  readonly adapter: string | undefined;
}

/**
 * Jobs for the seeds that groups are missing: seed by seed, so that what is there after an early end can be compared. Seeds that
 * run, wait or are there already are left out.
 */
export function jobsFor(
  rows: readonly GroupRow[],
  seeds: readonly number[],
  { all, queued, adapter }: Known,
  newId: () => string,
): readonly Job[] {
  const needed = rows.map(({ group, name }) => {
    const [{ experiment, preset, changes }] = group.runs;
    const alike = (run: (typeof group.runs)[number]) => sameSetting(run.experiment, experiment);
    const here =
      group.runs[0].adapter === adapter && changes.length === 0
        ? group
        : all.find((row) => row.group.runs[0].adapter === adapter && alike(row.group.runs[0]))
            ?.group;
    const waiting = queued.filter((job) => sameSetting(job.experiment, experiment));
    const busy = new Set([
      ...waiting.map((job) => job.experiment.seed),
      ...(here?.runs ?? []).flatMap(({ state, seed }) => (state === 'open' ? seed : [])),
    ]);
    const missing = (here ? missingSeeds(here, seeds) : seeds).filter((seed) => !busy.has(seed));
    return { experiment, preset, name, missing: new Set(missing) };
  });
  return seeds.flatMap((seed) =>
    needed
      .filter(({ missing }) => missing.has(seed))
      .map(({ experiment, preset, name }) => {
        return { id: newId(), name, preset, experiment: { ...experiment, seed }, stored: null };
      }),
  );
}

/** Every seed that one of the groups has. */
export function seedsOfAll(rows: readonly GroupRow[]): readonly number[] {
  const seeds = rows.flatMap(({ group }) => group.runs.map(({ seed }) => seed));
  return [...new Set(seeds)].sort((a, b) => a - b);
}

/** The same for the page as it stands. */
export function jobsOfPage(
  { lab, queue }: Page,
  rows: readonly GroupRow[],
  seeds: readonly number[],
  all: readonly GroupRow[],
): readonly Job[] {
  const known = { all, queued: queue.queue.jobs, adapter: lab.data.adapter?.name };
  return jobsFor(rows, seeds, known, () => crypto.randomUUID());
}
