/** What can be done to a group of stored runs. */
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import type { Page } from '../context.ts';
import { listText } from '../format.ts';
import type { GroupRow } from './group-rows.ts';
import { countWord } from './group-words.ts';
import { showStored } from './show-stored.ts';

/** Folders of some runs. */
export function foldersOf(runs: readonly SeedRun[]): readonly string[] {
  return [...new Set(runs.map(({ stored }) => stored))];
}

/** Deletes a group in ten seconds; runs that went beside it are in the same folders, so they go too and are named. */
export function deleteGroups(
  page: Page,
  rows: readonly GroupRow[],
  all: readonly GroupRow[],
): void {
  const runs = rows.flatMap(({ group }) => [...group.runs, ...group.again]);
  deleteRuns(page, runs, listText(rows.map(({ name }) => name)), all);
}

/** @param name what is deleted, in words */
export function deleteRuns(
  page: Page,
  runs: readonly SeedRun[],
  name: string,
  all: readonly GroupRow[],
): void {
  const ids = foldersOf(runs.filter(({ state }) => state !== 'open'));
  if (ids.length === 0) return;
  const own = new Set(runs.map(({ id }) => id));
  const beside = all
    .filter(({ group }) =>
      [...group.runs, ...group.again].some((run) => ids.includes(run.stored) && !own.has(run.id)),
    )
    .map((row) => row.name);
  const count = runs.filter(({ stored }) => ids.includes(stored)).length;
  const others = beside.length > 0 ? `, with ${listText(beside)}, which ran beside it` : '';
  void page.stored.removeSoon(ids, `${name}, ${countWord(count, 'run')}${others}`);
}

/** Pinned runs stay when room is made, and come first in the list. */
export function pinGroup({ stored }: Page, { key, group, pinned }: GroupRow): void {
  const ids = foldersOf([...group.runs, ...group.again]);
  void stored.mark(key, { pinned: pinned ? undefined : [...ids] });
}

/** Shows the runs of groups in the lab, beside each other. */
export function openGroups(page: Page, rows: readonly GroupRow[]): void {
  void showStored(page, foldersOf(rows.flatMap(({ group }) => group.runs)));
}
