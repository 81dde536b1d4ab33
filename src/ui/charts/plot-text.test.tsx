// @vitest-environment happy-dom
import { render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { linearScale } from '../plot/scale.ts';
import type { ChartSpec } from './chart-spec.ts';
import { drawnLines } from './lines.ts';
import { PlotText } from './plot-text.tsx';
import { SeriesStore } from './series.ts';

/** The names at line ends of two runs, of which each quantity has one value a run. */
function namesAtEnds(spec: ChartSpec, values: readonly Readonly<Record<string, number>>[]) {
  const runs = values.map((row, i) => {
    const series = new SeriesStore();
    series.push({ step: 1, ...row }, { step: 1, step_time: 1, phases: {}, tokens_per_second: {} });
    const label = ['AIRL', 'Permuted'][i];
    return { id: label, label, slot: i + 1, series, live: false, totalSteps: 10 };
  });
  const lines = drawnLines(spec, runs, { smoothing: 0, xAxis: 'step', range: null });
  const scales = { x: linearScale(0, 10), y: linearScale(0, 1) };
  const frame = { ...scales, width: 300, height: 100, beside: 100, xAxis: 'step' as const };
  const { container } = render(
    <svg aria-hidden="true">
      <PlotText {...{ spec, frame, lines }} runs={runs.length} />
    </svg>,
  );
  return [...container.querySelectorAll('text.name')].map((text) => ({
    name: text.textContent,
    y: Number(text.getAttribute('y')),
  }));
}

const spec: ChartSpec = {
  ...{ id: 'main', title: 'X', size: 'hero', better: 'none', nameEach: true },
  lines: [{ columns: ['x'] }],
};

test('one quantity of several runs has the runs’ names, also where they lie close together', () => {
  for (const other of [0.9, 0.5]) {
    const [first, second] = namesAtEnds(spec, [{ x: 0.5 }, { x: other }]);
    expect([first.name, second.name]).toEqual(['AIRL', 'Permuted']);
    expect(Math.abs(first.y - second.y)).toBeGreaterThanOrEqual(14);
  }
});

test('one quantity of one run has no name: the title says it', () => {
  expect(namesAtEnds(spec, [{ x: 0.5 }])).toEqual([]);
});

test('several quantities of several runs have both names, and those that lie together one', () => {
  const lines = ['policy', 'critic'].map((name) => ({ columns: [name], name }));
  const names = namesAtEnds({ ...spec, lines }, [
    { policy: 0.5, critic: 0.9 },
    { policy: 0.5, critic: 0.1 },
  ]).map(({ name }) => name);
  expect(names).toEqual(['policy', 'critic, AIRL', 'critic, Permuted']);
});
