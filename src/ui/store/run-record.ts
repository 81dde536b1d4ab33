/** What one run has recorded on the page, outside React: rows as they are exported, series for charts, samples. */
import type { LabEvent } from '../../lab/protocol.ts';
import type { MetricsRow, TimingsRow } from '../../rl/records.ts';
import { SeriesStore } from '../charts/series.ts';
import { SampleStore } from '../samples/sample-store.ts';

export class RunRecord {
  /** Every metrics row, as it is exported. */
  readonly rows: MetricsRow[] = [];
  readonly timings: TimingsRow[] = [];
  readonly series = new SeriesStore();
  readonly samples = new SampleStore();

  /** Takes a step; one that is done again replaces what was recorded from there on. */
  push({ metrics, timings, samples }: Extract<LabEvent, { type: 'step' }>): void {
    while ((this.rows.at(-1)?.step ?? -1) >= metrics.step) {
      this.rows.pop();
      this.timings.pop();
    }
    this.rows.push(metrics);
    this.timings.push(timings);
    this.series.push(metrics, timings);
    this.samples.push(samples);
  }

  clear(): void {
    this.rows.length = 0;
    this.timings.length = 0;
    this.series.clear();
    this.samples.clear();
  }
}

/** The times of two runs that take turns, as of one: a step is over when both have done theirs. */
export function togetherTimes(
  first: readonly TimingsRow[],
  second: readonly TimingsRow[],
): readonly TimingsRow[] {
  if (second.length === 0) return first;
  const beside = new Map(second.map((row) => [row.step, row.step_time]));
  return first.flatMap((row) => {
    const other = beside.get(row.step);
    return other === undefined ? [] : [{ ...row, step_time: row.step_time + other }];
  });
}
