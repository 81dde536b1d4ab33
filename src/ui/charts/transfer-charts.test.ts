import { describe, expect, test } from 'vitest';
import type { ChartRun } from './runs.ts';
import { SeriesStore } from './series.ts';
import { shareOf } from './step-time.tsx';
import { CUT_STEPS, cutCurves, transferRewardCharts } from './transfer-charts.ts';

function runWith(rows: readonly Record<string, number>[], slot = 1): ChartRun {
  const series = new SeriesStore();
  rows.forEach((row, i) => {
    const step = i + 1;
    series.push({ step, ...row }, { step, step_time: 1, phases: {}, tokens_per_second: {} });
  });
  return { id: `${slot}`, label: `run ${slot}`, slot, series, live: true, totalSteps: 99 };
}

const scored = (value: number, more: Record<string, number> = {}) => ({
  'rewards/transfer/mean': value,
  'rewards/transfer/scratch': 0.25,
  'rewards/transfer/tau_2': value,
  ...more,
});

describe('the charts of the transfer reward', () => {
  test('are there only where a run has it', () => {
    expect(transferRewardCharts([runWith([{ reward: 1 }])])).toBeNull();
    const charts = transferRewardCharts([runWith([{ reward: 1 }]), runWith([scored(0.5)], 2)]);
    expect(charts?.small.map(({ id }) => id)).toEqual([
      'transfer-gain',
      'transfer-group-std',
      'transfer-leakage',
    ]);
  });

  test('have the reliability only where it was measured', () => {
    const run = runWith([{ ...scored(0.5), 'rewards/transfer/icc': 0.4 }]);
    expect(transferRewardCharts([run])?.small.map(({ id }) => id)).toContain('transfer-icc');
  });

  test('by cut, take the last steps together up to the one looked at, and leave out empty tenths', () => {
    const early = Array.from({ length: CUT_STEPS }, () => scored(0));
    const late = Array.from({ length: CUT_STEPS }, () => scored(1));
    const run = runWith([...early, ...late]);
    const at = (step: number | null) => cutCurves([run], step)[0].points;
    expect(at(CUT_STEPS)).toEqual([{ x: 0.25, y: 0 }]);
    expect(at(null)).toEqual([{ x: 0.25, y: 1 }]);
    expect(at(CUT_STEPS + CUT_STEPS / 2)).toEqual([{ x: 0.25, y: 0.5 }]);
  });

  test('by cut, tell two runs apart by hue and dash and draw one level from scratch', () => {
    const curves = cutCurves([runWith([scored(0.5)]), runWith([scored(0.25)], 2)], null);
    expect(curves.map(({ name, hue, dash, level }) => [name, hue, dash, level ?? false])).toEqual([
      ['run 1', 1, 0, false],
      ['run 2', 2, 1, false],
      ['from scratch', 'ink', 2, true],
    ]);
    expect(curves[2].points).toEqual([{ x: 0.25, y: 0.25 }]);
  });
});

test('what scoring adds is counted against sampling and training, not against evaluations', () => {
  const phases = { generate: 0.6, score: 0.1, train: 0.4, evaluate: 9 };
  const list = Object.entries(phases).map(([name, seconds]) => ({ name, seconds }));
  expect(shareOf(list, 'score')).toBeCloseTo(0.1);
  expect(shareOf(list, 'measure')).toBeUndefined();
  // What is only measured is no part of what scoring adds.
  expect(shareOf([...list, { name: 'measure', seconds: 3 }], 'score')).toBeCloseTo(0.1);
  expect(
    shareOf(
      list.filter(({ name }) => name !== 'score'),
      'score',
    ),
  ).toBeUndefined();
});
