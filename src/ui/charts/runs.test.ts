import { describe, expect, it } from 'vitest';
import { type ChartRun, dashOf, drawnRuns, emptyText, slotOf } from './runs.ts';
import { SeriesStore } from './series.ts';

function runs(count: number, live = -1): ChartRun[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ id: `r${i}`, label: `r${i}`, slot: i + 1, totalSteps: 10, live: i === live },
    series: new SeriesStore(),
  }));
}
const ids = (some: readonly ChartRun[]) => some.map(({ id }) => id);

describe('the runs of the charts', () => {
  it('are drawn up to the fifth and where they are live, unless the reader chose otherwise', () => {
    expect(ids(drawnRuns(runs(8, 6), {}))).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r6']);
    const chosen = { r1: true, r7: false, r6: true };
    expect(ids(drawnRuns(runs(8, 6), chosen))).toEqual(['r0', 'r2', 'r3', 'r4', 'r7']);
  });

  it('are not asked for where the reader has hidden all of them', () => {
    expect(emptyText(runs(1), drawnRuns(runs(1), { r0: true }), 'Press Run')).toBe(
      'All runs are hidden',
    );
    expect(emptyText([], [], 'Press Run')).toBe('Press Run');
  });

  it('look different up to the twentieth, by hue or by dash', () => {
    const looks = runs(20).map((run) => `${slotOf(run)} ${dashOf(run)}`);
    expect(new Set(looks).size).toBe(20);
  });
});
