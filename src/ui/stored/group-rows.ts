/** The rows of the Runs page: groups with their names, what they came to, in the order and of the kind that is asked for. */
import { groupRuns, type SeedGroup } from '../../lab/run-groups/groups.ts';
import { headline, resultOf, type SeedResult } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { type Mark, type Marks, NO_MARKS } from '../../lab/run-store/marks.ts';
import { TASKS } from '../../rl/experiment/catalog.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { type Apart, apartFrom, apartText } from './group-words.ts';

export interface GroupRow {
  readonly key: string;
  readonly group: SeedGroup;
  /** What a person called it, or what it was called when it began. */
  readonly name: string;
  readonly mark: Mark;
  readonly pinned: boolean;
  readonly apart: Apart;
  /** What it is judged by. */
  readonly metric: string;
  readonly result: SeedResult | null;
  /** Task and method, in words. */
  readonly what: string;
}

export type SortBy = 'name' | 'result' | 'when';

export interface Order {
  readonly by: SortBy;
  readonly down: boolean;
}

/** All groups as rows, the one that began first in front. */
export function groupRows(runs: readonly SeedRun[], marks: Marks = NO_MARKS): readonly GroupRow[] {
  const rows: GroupRow[] = [];
  for (const group of groupRuns(runs)) {
    const mark = marks.groups[group.key] ?? {};
    const { task, method } = group.runs[0].experiment;
    const metric = headline(group.runs);
    rows.push({
      ...{ key: group.key, group, name: mark.name ?? group.name, mark },
      pinned: mark.pinned !== undefined,
      apart: apartFrom(group, rows),
      ...{ metric, result: resultOf(group.runs, metric) },
      what: `${TASKS[task.id].label}, ${methodOf(method).label}`,
    });
  }
  return rows;
}

/** Rows that hold every word of what is looked for, in name, note, settings, task, method or adapter. */
export function foundRows(rows: readonly GroupRow[], looked: string): readonly GroupRow[] {
  const words = looked.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = textOf(row);
    return words.every((word) => text.includes(word));
  });
}

function textOf({ name, mark, what, apart, group: { name: first, runs } }: GroupRow): string {
  const [{ adapter, preset, experiment }] = runs;
  const settings = JSON.stringify(experiment).replace(/["{}[\]]/g, ' ');
  return [name, first, mark.note, what, apartText(apart), adapter, preset, settings]
    .join(' ')
    .toLowerCase();
}

/** Pinned rows first, then by what is asked for; rows without a result come last. */
export function sortedRows(rows: readonly GroupRow[], { by, down }: Order): readonly GroupRow[] {
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
    if (by === 'name') return sign * a.name.localeCompare(b.name);
    if (by === 'when') return sign * (a.group.saved < b.group.saved ? -1 : 1);
    const [x, y] = [a, b].map(({ result }) => result?.estimate.mean);
    if (x === undefined || y === undefined)
      return Number(x === undefined) - Number(y === undefined);
    return sign * (x - y);
  });
}
