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
  push({
    metrics,
    timings,
    samples,
  }: Pick<Extract<LabEvent, { type: 'step' }>, 'metrics' | 'timings' | 'samples'>): void {
    while ((this.rows.at(-1)?.step ?? -1) >= metrics.step) {
      this.rows.pop();
      this.timings.pop();
    }
    this.rows.push(metrics);
    this.timings.push(timings);
    this.series.push(metrics, timings);
    this.samples.push(samples);
  }
}

/** The times of runs that take turns, as of one: a step is over when every run that goes so far has done it. */
export function togetherTimes(
  runs: readonly { readonly timings: readonly TimingsRow[]; readonly steps: number }[],
): readonly TimingsRow[] {
  const longest = runs.reduce((a, b) => (b.steps > a.steps ? b : a));
  const times = runs.map(({ timings }) => new Map(timings.map((row) => [row.step, row.step_time])));
  return longest.timings.flatMap((row) => {
    const going = times.filter((_, i) => runs[i].steps >= row.step);
    if (!going.every((known) => known.has(row.step))) return [];
    const step_time = going.reduce((sum, known) => sum + (known.get(row.step) ?? 0), 0);
    return [{ ...row, step_time }];
  });
}
