/** Files a person takes home: the run's metrics and samples as text, the experiment as JSON. Text only, no DOM. */
import type { MetricsRow, SampleGroup } from '../rl/records.ts';

/**
 * One CSV cell. A text that starts with = + - or @ would be run as a formula by a spreadsheet, so it gets a leading
 * apostrophe; numbers stay numbers.
 */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows as CSV with `step` first and one column per metric that any row has; what was not measured is an empty cell. */
export function metricsCsv(rows: readonly MetricsRow[]): string {
  const names = new Set<string>();
  for (const row of rows) for (const name of Object.keys(row)) names.add(name);
  names.delete('step');
  const columns = ['step', ...names];
  const lines = rows.map((row) => columns.map((name) => csvCell(row[name])).join(','));
  return `${[columns.map(csvCell).join(','), ...lines].join('\r\n')}\r\n`;
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
