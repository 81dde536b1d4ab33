import { describe, expect, it } from 'vitest';
import { type ChartRun, dashOf, emptyText, slotOf } from './runs.ts';
import { SeriesStore } from './series.ts';

function runs(count: number): ChartRun[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ id: `r${i}`, label: `r${i}`, slot: i + 1, totalSteps: 10, live: false },
    series: new SeriesStore(),
  }));
}

describe('the runs of the charts', () => {
  it('are not asked for where the reader has hidden all of them', () => {
    expect(emptyText(runs(1), [], 'Press Run')).toBe('All runs are hidden');
    expect(emptyText(runs(1), runs(1), 'Press Run')).toBe('Press Run');
    expect(emptyText([], [], 'Press Run')).toBe('Press Run');
  });

  it('look different up to the twentieth, by hue or by dash', () => {
    const looks = runs(20).map((run) => `${slotOf(run)} ${dashOf(run)}`);
    expect(new Set(looks).size).toBe(20);
  });
});
