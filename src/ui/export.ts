/** Files a person takes home: the run's metrics and samples as text, the experiment as JSON. Text only, no DOM. */
import { csvText } from '../csv.ts';
import type { MetricsRow, SampleGroup } from '../rl/records.ts';

/** Rows as CSV with `step` first and one column per metric that any row has; what was not measured is an empty cell. */
export function metricsCsv(rows: readonly MetricsRow[]): string {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  names.delete('step');
  const columns = ['step', ...names];
  return csvText([columns, ...rows.map((row) => columns.map((name) => row[name]))]);
}

/** One JSON value per line, as the headless lab writes metrics.jsonl and samples.jsonl. */
export function jsonLines(rows: readonly (MetricsRow | SampleGroup)[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** A file name from a title: small letters, digits and dashes. */
export function fileStem(title: string): string {
  const stem = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return stem.slice(0, 60) || 'baton';
}

/** A file name that says the seed, once. */
export function seeded(stem: string, seed: number): string {
  const own = `seed-${seed}`;
  return stem.endsWith(own) ? stem : `${stem}-${own}`;
}
