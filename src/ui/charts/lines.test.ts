import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../rl/records.ts';
import { isShown, xScale, yScale } from './chart-scales.ts';
import type { ChartSpec } from './chart-spec.ts';
import { drawnLines, gapsOf, indexAt, nearestIndex, positions } from './lines.ts';
import { valueAt, valueText } from './metric-frame.ts';
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

const linear = { log: false, ignoreOutliers: false, most: 5 };
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

  it('breaks the third quantity of a run and those after it, and leaves the dash of a run alone', () => {
    const many = { ...spec, lines: [1, 2, 3, 4].map((i) => ({ columns: ['x'], name: `${i}` })) };
    const dashes = (slot: number) =>
      drawnLines(many, [{ ...run([1, 2]), slot }], plain).map(({ dash }) => dash);
    const [first, second, third, fourth] = dashes(1);
    expect([first, second]).toEqual([undefined, undefined]);
    expect(third).toBeDefined();
    expect(fourth).toBeDefined();
    expect(fourth).not.toBe(third);
    expect(new Set(dashes(2)).size).toBe(1);
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
    const scale = yScale(spec, [line], linear);
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
    expect(yScale(spec, [line], { ...linear, log: true })).toMatchObject({ low: 1, high: 5 });
  });

  it('spans the planned steps, or the time that has passed', () => {
    expect(xScale([run([1, 2], 150)], { xAxis: 'step', range: null }, 0)).toMatchObject({
      low: 0,
      high: 150,
    });
    expect(xScale([run([1, 2, 3])], { xAxis: 'time', range: null }, 0)).toMatchObject({
      low: 0,
      high: 6,
    });
    expect(xScale([], { xAxis: 'step', range: null }, 40)).toMatchObject({ low: 0, high: 40 });
    expect(xScale([run([1, 2, 3])], { xAxis: 'tokens', range: null }, 0)).toMatchObject({
      low: 0,
      high: 1,
    });
  });

  it('says how many values a log scale has to leave out', () => {
    const data = [run([1, -1, 0, 4, Number.NaN])];
    expect(drawnLines(spec, data, { ...plain, log: true })[0].dropped).toBe(2);
    expect(drawnLines(spec, data, plain)[0].dropped).toBe(0);
  });

  it('keeps steps that report no tokens where the tokens stood before them', () => {
    const data = run([1, 2, 3, 4]);
    const tokens: readonly (number | undefined)[] = [undefined, 100, undefined, 300];
    const series = new SeriesStore();
    tokens.forEach((num_tokens, step) => {
      const row: MetricsRow = { step, x: step, ...(num_tokens !== undefined && { num_tokens }) };
      series.push(row, { step, step_time: 1, phases: {}, tokens_per_second: {} });
    });
    const counted = { ...data, series };
    expect(positions(counted, 'tokens')).toEqual([0, 100, 100, 300]);
    const [line] = drawnLines(spec, [counted], { ...plain, xAxis: 'tokens' });
    expect(line.points.every(({ x }) => Number.isFinite(x))).toBe(true);
  });

  it('draws a sparse line through a range in which nothing was measured, and knows where nothing shows', () => {
    const values = Array.from({ length: 12 }, (_, step) => (step % 10 === 0 ? 0.5 : undefined));
    const sparse = { ...spec, sparse: true };
    const range = [4, 9] as const;
    const lines = drawnLines(sparse, [run(values)], { ...plain, range });
    expect(lines[0].points.map(({ x }) => x)).toEqual([0, 10]);
    const axis = xScale([run(values)], { xAxis: 'step', range }, 0);
    expect(isShown(lines, axis)).toBe(true);
    const early = drawnLines(sparse, [run(values.slice(0, 9))], { ...plain, range });
    expect(isShown(early, axis)).toBe(false);
  });

  it('calls a value not finite only where it was reported as such', () => {
    const [line] = drawnLines(spec, [run([undefined, 2, null])], plain);
    expect([0, 1, 2].map((step) => valueText(line, valueAt(line, step)))).toEqual([
      '–',
      '2.00',
      'not finite',
    ]);
  });

  it('does not magnify the noise of the first steps', () => {
    const lines = drawnLines(spec, [run([0.43, 0.45])], plain);
    const { low, high } = yScale({ least: 0.1 }, lines, linear);
    expect(high - low).toBeGreaterThanOrEqual(0.1);
    const large = yScale({}, drawnLines(spec, [run([700, 701])], plain), linear);
    expect(large.high - large.low).toBeGreaterThanOrEqual(70);
  });

  it('leaves outliers out of the scale only when asked to', () => {
    const spiky = Array.from({ length: 100 }, (_, i) => (i === 50 ? 1e6 : 1 + i / 100));
    const lines = drawnLines(spec, [run(spiky, 100)], plain);
    expect(yScale(spec, lines, linear).high).toBeGreaterThanOrEqual(1e6);
    expect(yScale(spec, lines, { ...linear, ignoreOutliers: true }).high).toBeLessThan(5);
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
