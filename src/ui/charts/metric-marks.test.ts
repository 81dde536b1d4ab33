import { describe, expect, it } from 'vitest';
import { xScale } from './chart-scales.ts';
import type { ChartSpec } from './chart-spec.ts';
import { drawnLines } from './lines.ts';
import { absentText, aloneText, droppedText, marksOf, silenceOf } from './metric-marks.ts';
import type { ChartRun } from './runs.ts';
import { SeriesStore } from './series.ts';

const spec: ChartSpec = {
  ...{ id: 'x', title: 'X', size: 'half', better: 'high', sparse: true, raw: true },
  lines: [{ columns: ['x'] }],
};

function drawn(values: readonly number[], range: readonly [number, number] | null, log = false) {
  const series = new SeriesStore();
  values.forEach((x, step) => {
    series.push({ step, x }, { step, step_time: 1, phases: {}, tokens_per_second: {} });
  });
  const run = { id: 'a', label: 'A', slot: 7, series, live: false, totalSteps: 20 };
  const options = { smoothing: 0.5, xAxis: 'step' as const, range };
  return {
    lines: drawnLines({ ...spec, sparse: false }, [run], { ...options, log }),
    frame: { x: xScale([run], options, 0) },
  };
}

describe('what a chart draws and says', () => {
  it('draws the measured line under the smoothed one, in the hue of the run', () => {
    const { lines } = drawn([1, 2, 3], null);
    const marks = marksOf({ ...spec, sparse: false }, lines);
    expect(marks.lines.map(({ className }) => className)).toEqual(['ln r2 raw', 'ln r2']);
    expect(marks.lines[1]).toMatchObject({ stroke: 'var(--run-2)', dash: '2 3', dots: false });
  });

  it('gives a lone point a dot, for no line shows it', () => {
    const { lines } = drawn([1], null);
    expect(marksOf(spec, lines).lines.at(-1)?.dots).toBe(true);
  });

  it('says why nothing shows: nothing measured yet, or nothing in the chosen steps', () => {
    const { frame, lines } = drawn([1, 2, 3], [10, 15]);
    expect(silenceOf(lines, frame, 'Press Run')).toBe('Nothing to show in these steps');
    expect(silenceOf([], frame, 'Press Run')).toBe('Press Run');
    const all = drawn([1, 2, 3], null);
    expect(silenceOf(all.lines, all.frame, 'Press Run')).toBeUndefined();
  });

  it('draws the second quantity of a run thinner, which shares its hue and dash', () => {
    const { lines } = drawn([1, 2, 3], null);
    const hero: ChartSpec = { ...spec, size: 'hero', raw: false };
    const [first, second] = [false, true].map((thin) => {
      const [line] = lines;
      return marksOf(hero, [{ ...line, spec: { ...line.spec, thin } }]).lines.at(-1);
    });
    expect(second?.stroke).toBe(first?.stroke);
    expect(2 * (second?.width ?? 0)).toBeLessThanOrEqual(first?.width ?? 0);
  });

  it('says under the large chart which runs have no line there', () => {
    const { lines } = drawn([1, 2], null);
    const other = { ...lines[0].run, id: 'b', label: 'RLVR' };
    const young = { ...other, id: 'c', label: 'SFT', series: new SeriesStore() };
    const text = (...runs: ChartRun[]) => absentText({ size: 'hero' }, runs, lines);
    expect(text(lines[0].run)).toBeUndefined();
    expect(text(lines[0].run, other, young)).toMatch(/^RLVR has no such numbers/);
    expect(text(other, { ...other, id: 'd', label: 'SFT' })).toMatch(/^RLVR and SFT have no/);
    expect(absentText({ size: 'half' }, [other], lines)).toBeUndefined();
  });

  it('says why a run whose policy is not trained yet has no line, until it is', () => {
    const { lines } = drawn([1, 2], null);
    const alone = { steps: 2, why: 'The reward learns alone for the first 2 steps.' };
    const waits: ChartRun = { ...lines[0].run, id: 'b', label: 'AIRL', alone };
    const text = (trained: boolean, ...runs: ChartRun[]) => aloneText({ trained }, runs, lines);
    expect(text(true, waits)).toBe(alone.why);
    expect(text(true, lines[0].run, waits, { ...waits, id: 'c', label: 'Permuted' })).toBe(
      'AIRL and Permuted: the reward learns alone for the first 2 steps.',
    );
    expect(aloneText({ trained: true, off: 'KL: off' }, [waits], [])).toBeUndefined();
    // A chart of something else, a run that trains, one that has not begun, and one that is past it.
    expect(text(false, waits)).toBeUndefined();
    expect(text(true, { ...waits, id: 'a' })).toBeUndefined();
    expect(text(true, { ...waits, series: new SeriesStore() })).toBeUndefined();
    expect(text(true, { ...waits, alone: { ...alone, steps: 1 } })).toBeUndefined();
  });

  it('says how many values a log scale leaves out', () => {
    expect(droppedText(drawn([1, -9, 40], null, true).lines)).toMatch(/^One value is 0 or below/);
    expect(droppedText(drawn([1, -9, -9, 80], null, true).lines)).toMatch(/^2 values are/);
    expect(droppedText(drawn([1, -9, 4], null).lines)).toBeUndefined();
  });
});
