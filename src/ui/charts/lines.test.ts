import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../rl/records.ts';
import type { ChartSpec } from './catalogue.ts';
import { drawnLines, gapsOf, indexAt, nearestIndex, xDomain, yScale } from './lines.ts';
import { SeriesStore } from './series.ts';

const spec: ChartSpec = {
  id: 'x',
  title: 'X',
  size: 'half',
  lines: [{ columns: ['x'] }],
  better: 'high',
};

function run(values: readonly (number | null | undefined)[], totalSteps = 10) {
  const series = new SeriesStore();
  values.forEach((x, step) => {
    const row: MetricsRow = x === undefined ? { step } : { step, x };
    series.push(row, { step, step_time: 2, phases: {}, tokens_per_second: {} });
  });
  return { id: 'a', label: 'A', slot: 1, series, live: true, totalSteps };
}

const plain = { smoothing: 0, xAxis: 'step', range: null } as const;

describe('lines', () => {
  it('leaves a gap where a value is not finite and marks it from the last good to the next good step', () => {
    const [line] = drawnLines(spec, [run([1, 2, null, null, 5, 6, null])], plain);
    expect(line.points.map((point) => point.y)).toEqual([1, 2, null, null, 5, 6, null]);
    expect(line.gaps).toEqual([
      [1, 4],
      [5, 6],
    ]);
    expect(line.notFinite).toBe(3);
  });

  it('joins a sparse metric over the steps that did not measure it, and does not smooth it', () => {
    const values = [0.2, undefined, undefined, 0.8, undefined];
    const [line] = drawnLines({ ...spec, sparse: true }, [run(values)], {
      ...plain,
      smoothing: 0.9,
    });
    expect(line.points).toEqual([
      { x: 0, y: 0.2 },
      { x: 3, y: 0.8 },
    ]);
    expect(line.gaps).toEqual([]);
  });

  it('has a band where both ends of its interval were measured, and its scale holds the band', () => {
    const series = new SeriesStore();
    const timings = { step_time: 1, phases: {}, tokens_per_second: {} };
    series.push({ step: 0, x: 0.5, low: 0.4, high: 0.6 }, { step: 0, ...timings });
    series.push({ step: 1 }, { step: 1, ...timings });
    series.push({ step: 2, x: 0.6, low: 0.1, high: null }, { step: 2, ...timings });
    series.push({ step: 3, x: 0.7, low: 0.65, high: 0.95 }, { step: 3, ...timings });
    const banded: ChartSpec = {
      ...spec,
      sparse: true,
      lines: [{ columns: ['x'], band: ['low', 'high'] }],
    };
    const [line] = drawnLines(banded, [{ ...run([]), series }], plain);
    expect(line.band).toEqual([
      { x: 0, low: 0.4, high: 0.6 },
      { x: 3, low: 0.65, high: 0.95 },
    ]);
    const scale = yScale([line], false, false, 5);
    expect(scale.low).toBeLessThanOrEqual(0.4);
    expect(scale.high).toBeGreaterThanOrEqual(0.95);
  });

  it('smooths the whole series before a range is cut out of it', () => {
    const data = run([0, 10, 0, 10, 0, 10]);
    const [whole] = drawnLines(spec, [data], { ...plain, smoothing: 0.5 });
    const [part] = drawnLines(spec, [data], { ...plain, smoothing: 0.5, range: [3, 5] });
    expect(part.points).toEqual(whole.points.slice(3));
  });

  it('takes the first column that is there, and draws nothing where none is', () => {
    const either = { ...spec, lines: [{ columns: ['nothing', 'x'] }] };
    expect(drawnLines(either, [run([1])], plain)).toHaveLength(1);
    expect(drawnLines({ ...spec, lines: [{ columns: ['nothing'] }] }, [run([1])], plain)).toEqual(
      [],
    );
  });

  it('has no place for values that are not above 0 on a log scale, and leaves gaps there', () => {
    const [line] = drawnLines(spec, [run([1, -1, 0, 4])], { ...plain, log: true });
    expect(line.points.map((point) => point.y)).toEqual([1, null, null, 4]);
    expect(yScale([line], true, false, 5)).toMatchObject({ low: 1, high: 5 });
  });

  it('spans the planned steps, or the time that has passed', () => {
    expect(xDomain([run([1, 2], 150)], { xAxis: 'step', range: null }, 0)).toEqual([0, 150]);
    expect(xDomain([run([1, 2, 3])], { xAxis: 'time', range: null }, 0)).toEqual([0, 6]);
    expect(xDomain([], { xAxis: 'step', range: null }, 40)).toEqual([0, 40]);
    expect(xDomain([run([1, 2, 3])], { xAxis: 'tokens', range: null }, 0)).toEqual([0, 1]);
  });

  it('leaves outliers out of the scale only when asked to', () => {
    const spiky = Array.from({ length: 100 }, (_, i) => (i === 50 ? 1e6 : 1 + i / 100));
    const lines = drawnLines(spec, [run(spiky, 100)], plain);
    expect(yScale(lines, false, false, 5).high).toBeGreaterThanOrEqual(1e6);
    expect(yScale(lines, false, true, 5).high).toBeLessThan(5);
  });

  it('finds steps and positions by bisection', () => {
    expect(indexAt([0, 5, 10], 7)).toBe(1);
    expect(indexAt([0, 5, 10], -1)).toBe(0);
    expect(indexAt([], 3)).toBe(-1);
    expect(nearestIndex([0, 5, 10], 8)).toBe(2);
    expect(nearestIndex([0, 5, 10], 99)).toBe(2);
    expect(gapsOf([], [0, 1], [0, 1])).toEqual([]);
  });
});
