/** What rules ask of a run's rows: the numbers of a column that were measured, at its start and at its end. */
import { mean } from '../../rl/evaluate/statistics.ts';
import type { MetricsRow } from '../../rl/records.ts';

/** The numbers of a column, in order; steps without one are left out. */
export function numbersOf(rows: readonly MetricsRow[], column: string): number[] {
  return rows.flatMap((row) => row[column] ?? []);
}

/** The mean of a column's last numbers; NaN where there are fewer, with which no comparison holds. */
export function lastMean(rows: readonly MetricsRow[], column: string, steps: number): number {
  const known = numbersOf(rows, column);
  return known.length < steps ? Number.NaN : mean(known.slice(-steps));
}

/** The mean of a column's first numbers; NaN where there are fewer. */
export function firstMean(rows: readonly MetricsRow[], column: string, steps: number): number {
  const known = numbersOf(rows, column);
  return known.length < steps ? Number.NaN : mean(known.slice(0, steps));
}

/** How far a column has moved from its first numbers to its last; NaN where these would overlap. */
export function movement(rows: readonly MetricsRow[], column: string, steps: number): number {
  if (numbersOf(rows, column).length < 2 * steps) return Number.NaN;
  return lastMean(rows, column, steps) - firstMean(rows, column, steps);
}
