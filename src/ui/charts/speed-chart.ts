/** The chart of how fast each phase goes. */
import type { ChartSpec } from './chart-spec.ts';
import type { ChartRun } from './runs.ts';

/** Tokens per second by phase, of one run. */
export function speedChart(run: ChartRun | undefined): ChartSpec {
  const prefix = 'timings/tokens_per_second/';
  const names = (run?.series.names() ?? []).filter((name) => name.startsWith(prefix));
  return {
    id: 'speed',
    title: 'Tokens per second',
    unit: 'by phase',
    size: 'half',
    lines: names.map((name) => ({ columns: [name], name: name.slice(prefix.length), thin: true })),
    better: 'none',
    log: true,
    ink: true,
  };
}
