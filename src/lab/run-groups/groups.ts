/** Runs that differ in the seed alone, as one group. */
import type { SeedRun } from './seed-run.ts';

export interface SeedGroup {
  readonly key: string;
  readonly name: string;
  /** One for each seed, by seed: of several the one that is furthest. */
  readonly runs: readonly SeedRun[];
  /** Further runs of seeds that are there. */
  readonly again: readonly SeedRun[];
  /** When its first run began, and when its newest was written; ISO 8601. */
  readonly created: string;
  readonly saved: string;
}

/** The groups of runs, the one that began first in front. */
export function groupRuns(runs: readonly SeedRun[]): readonly SeedGroup[] {
  const byKey = new Map<string, SeedRun[]>();
  for (const run of [...runs].sort((a, b) => compare(a.created, b.created)))
    byKey.set(run.key, [...(byKey.get(run.key) ?? []), run]);
  const groups = [...byKey].map(([key, all]): SeedGroup => {
    const best = new Map<number, SeedRun>();
    for (const run of all) {
      const other = best.get(run.seed);
      if (!other || further(run, other)) best.set(run.seed, run);
    }
    const chosen = [...best.values()].sort((a, b) => a.seed - b.seed);
    return {
      ...{ key, name: all[0].name, runs: chosen },
      again: all.filter((run) => !chosen.includes(run)),
      created: all[0].created,
      saved:
        all
          .map(({ saved }) => saved)
          .sort(compare)
          .at(-1) ?? '',
    };
  });
  return named(groups);
}

const further = (a: SeedRun, b: SeedRun) =>
  a.step > b.step || (a.step === b.step && a.saved > b.saved);

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** Names that occur more than once are numbered from the second on. */
function named(groups: readonly SeedGroup[]): readonly SeedGroup[] {
  const seen = new Map<string, number>();
  return groups.map((group) => {
    const count = (seen.get(group.name) ?? 0) + 1;
    seen.set(group.name, count);
    return count === 1 ? group : { ...group, name: `${group.name} (${count})` };
  });
}

/** Seeds of a list that a group has no finished run of. */
export function missingSeeds({ runs }: SeedGroup, seeds: readonly number[]): readonly number[] {
  const done = new Set(runs.filter(({ state }) => state === 'done').map(({ seed }) => seed));
  return seeds.filter((seed) => !done.has(seed));
}
