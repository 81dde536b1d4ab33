/** What the runs of a sweep came to: a line a run, and a line a combination with its mean over seeds. */
import { csvText } from '../../csv.ts';
import { type Estimate, estimate } from '../../rl/over-seeds.ts';
import type { MetricsRow } from '../../rl/records.ts';
import type { Cell, Plan, SweepRun } from './sweep.ts';

/** A finished run. */
export interface Finished {
  readonly id: string;
  /** The chain hash of its rows. */
  readonly hash: string;
  readonly metrics: readonly MetricsRow[];
}

export interface CellResult {
  readonly cell: Cell;
  /** Seeds of the runs that are there. */
  readonly seeds: readonly number[];
  /** Mean over them with its 95 % interval by Student's t; null where none is there. */
  readonly result: Estimate | null;
}

/** The last value that a run has of a number; undefined where it has none. */
export function lastOf(metrics: readonly MetricsRow[], name: string): number | undefined {
  const row = metrics.findLast((one) => typeof one[name] === 'number');
  return row?.[name] ?? undefined;
}

/** What a sweep is judged by if nobody says: held-out accuracy where it is measured, otherwise the reward. */
export function defaultMetric(finished: readonly Finished[]): string {
  const has = (name: string) => finished.some(({ metrics }) => lastOf(metrics, name) !== undefined);
  return ['eval/accuracy', 'eval/win_rate'].find(has) ?? 'reward';
}

export function cellResults(
  { cells, runs }: Plan,
  finished: readonly Finished[],
  metric: string,
): CellResult[] {
  const byId = new Map(finished.map((run) => [run.id, run]));
  return cells.map((cell, at) => {
    const there = runs
      .filter((run) => run.cell === at)
      .flatMap((run) => {
        const value = lastOf(byId.get(run.id)?.metrics ?? [], metric);
        return value === undefined ? [] : [{ seed: run.seed, value }];
      });
    return {
      cell,
      seeds: there.map(({ seed }) => seed),
      result: estimate(there.map(({ value }) => value)) ?? null,
    };
  });
}

/** A line a run, as CSV: settings, seed, and the last value of every number that any of them has. */
export function runsCsv({ cells, runs }: Plan, finished: readonly Finished[]): string {
  const byId = new Map(finished.map((run) => [run.id, run]));
  const settings = Object.keys(cells[0] ?? {});
  const names = new Set(
    finished.flatMap(({ metrics }) => metrics.flatMap((row) => Object.keys(row))),
  );
  names.delete('step');
  const columns = [...names].sort();
  const line = (run: SweepRun) => {
    const there = byId.get(run.id);
    return [
      ...settings.map((path) => cells[run.cell][path]),
      ...[run.seed, run.id, there ? 'done' : 'not done', there?.metrics.at(-1)?.step, there?.hash],
      ...columns.map((name) => there && lastOf(there.metrics, name)),
    ];
  };
  const head = [...settings, 'seed', 'run', 'state', 'step', 'hash', ...columns];
  return csvText([head, ...runs.map(line)]);
}
