import { describe, expect, test } from 'vitest';
import { dialectsOf } from '../../rl/manner.ts';
import { speech } from '../../rl/tasks/testing.ts';
import { mannerCharts, PRIVATE_NOTE, writtenColumns } from './manner-charts.ts';
import type { ChartRun } from './runs.ts';
import { SeriesStore } from './series.ts';

const dialects = dialectsOf(speech);

function runWith(...rows: readonly Record<string, number>[]): ChartRun {
  const series = new SeriesStore();
  rows.forEach((row, i) => {
    const step = i + 1;
    series.push({ step, ...row }, { step, step_time: 1, phases: {}, tokens_per_second: {} });
  });
  return { id: 'a', label: 'a', slot: 1, series, live: true, totalSteps: 9 };
}

const shares = (pub: number, own: number, chatter = 0) => ({
  'dialects/public': pub,
  'dialects/private': own,
  'dialects/other': 0,
  chatter,
});

describe('the charts of how answers are written', () => {
  test('are not there where no run has a share', () => {
    expect(mannerCharts([runWith({ reward: 1 })], dialects)).toEqual([]);
    expect(mannerCharts([runWith(shares(1, 0))], [])).toEqual([]);
  });

  test('have a named line for each dialect that was ever written, in the task’s order', () => {
    const [chart, ...rest] = mannerCharts([runWith(shares(0.5, 0.5), shares(1, 0))], dialects);
    expect(rest).toEqual([]);
    expect(chart).toMatchObject({ title: 'Dialects', nameEach: true });
    expect(chart.lines.map(({ name, columns }) => [name, columns[0]])).toEqual([
      ['Public', 'dialects/public'],
      ['Private', 'dialects/private'],
    ]);
  });

  test('leave out what never was a twentieth of the answers', () => {
    const rare = { ...shares(0.96, 0.04), chatter: 0.01 };
    const beside = runWith({ ...shares(0.5, 0), 'dialects/other': 0.5 });
    const [chart, ...rest] = mannerCharts([runWith(rare, rare), beside], dialects);
    expect(chart.lines.map(({ name }) => name)).toEqual(['Public', 'Other']);
    expect(rest).toEqual([]);
  });

  test('are not there where all answers are in one dialect: a line at 1 says nothing', () => {
    expect(mannerCharts([runWith(shares(1, 0), shares(0.97, 0.03))], dialects)).toEqual([]);
  });

  test('say whose the private dialect is, where it was written by any run', () => {
    const noteOf = (...runs: ChartRun[]) => mannerCharts(runs, dialects)[0].note;
    expect(noteOf(runWith({ ...shares(0.5, 0), 'dialects/other': 0.5 }))).toBeUndefined();
    expect(noteOf(runWith(shares(1, 0)), runWith(shares(0.5, 0.5)))).toBe(PRIVATE_NOTE);
  });

  test('have chatter where there ever was any', () => {
    const ids = (...rows: Record<string, number>[]) =>
      mannerCharts([runWith(...rows)], dialects).map(({ id }) => id);
    expect(ids(shares(0.5, 0.5, 0.4), shares(1, 0, 0))).toEqual(['dialects', 'chatter']);
    expect(ids({ chatter: 0.4 })).toEqual(['chatter']);
  });

  test('come from evaluations, with their bands, where a step samples nothing', () => {
    const run = runWith({
      ...{ 'eval/dialects/public': 0.5, 'eval/dialects/private': 0.5, 'eval/chatter': 0.1 },
    });
    expect(mannerCharts([run], dialects)).toEqual([]);
    const [chart, chatter] = mannerCharts([run], dialects, false);
    expect(chart).toMatchObject({
      sparse: true,
      lines: [
        {
          columns: ['eval/dialects/public'],
          band: ['eval/dialects/public_low', 'eval/dialects/public_high'],
        },
        { columns: ['eval/dialects/private'] },
      ],
    });
    expect(chatter.lines[0].columns).toEqual(['eval/chatter']);
  });

  test('are chosen anew when something is written for the first time', () => {
    const before = [shares(1, 0)];
    const columns = (rows: typeof before) => writtenColumns([runWith(...rows)], dialects, true);
    expect(columns(before)).toEqual(['dialects/public']);
    expect(columns([...before, shares(0.5, 0.5)])).toEqual(['dialects/public', 'dialects/private']);
  });
});
