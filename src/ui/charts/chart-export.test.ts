import { describe, expect, it } from 'vitest';
import { chartCsv, chartSvg } from './chart-export.ts';
import { xScale, yScale } from './chart-scales.ts';
import type { ChartSpec } from './chart-spec.ts';
import { drawnLines } from './lines.ts';
import type { ChartRun } from './runs.ts';
import { SeriesStore } from './series.ts';

const spec: ChartSpec = {
  id: 'reward',
  title: 'Reward <b>',
  size: 'half',
  lines: [{ columns: ['reward'] }],
  better: 'high',
};

function lineSet(
  values: readonly (number | null)[],
  smoothing: number,
  label = 'RLVR',
  changes: ChartRun['changes'] = [],
  notes: ChartRun['notes'] = [],
) {
  const series = new SeriesStore();
  values.forEach((reward, step) => {
    series.push({ step, reward }, { step, step_time: 1, phases: {}, tokens_per_second: {} });
  });
  const run = { id: 'a', label, slot: 1, series, live: true, totalSteps: 10, changes, notes };
  return drawnLines(spec, [run], { smoothing, xAxis: 'step', range: null });
}

const colours = { paper: '#fff', ink: '#000', quiet: '#555', line: '#ddd', runs: ['', 'red'] };

describe('chart export', () => {
  it('writes the full series with an empty cell where a value is not finite', () => {
    expect(chartCsv(spec, lineSet([1, null, 3], 0))).toBe(
      'step,RLVR reward\r\n0,1\r\n1,\r\n2,3\r\n',
    );
  });

  it('has the smoothed beside the measured values, and no formula in a heading', () => {
    const csv = chartCsv(spec, lineSet([1, 2], 0.5, '=A, "b"'));
    expect(csv.split('\r\n')[0]).toBe('step,"\'=A, ""b"" reward","\'=A, ""b"" reward smoothed"');
    expect(csv.split('\r\n')[1]).toBe('0,1,1');
  });

  it('says below the picture what was changed live, and has room for it', () => {
    const of = (changes: ChartRun['changes']) => {
      const lines = lineSet([1, 2, 3], 0, 'RLVR', changes);
      const frame = {
        ...{ width: 300, height: 100, beside: 0, xAxis: 'step' as const },
        x: xScale([], { xAxis: 'step', range: null }, 10),
        y: yScale(spec, lines, { log: false, ignoreOutliers: false, most: 5 }),
      };
      return chartSvg(spec, frame, lines, colours, 0);
    };
    const height = (svg: string) => Number(/ height="(\d+)"/.exec(svg)?.[1]);
    const [none, one] = [of([]), of([{ step: 2, label: 'Answer, weight 0.3' }])];
    expect(none).not.toContain('Changed live');
    expect(one).toContain('Changed live, Answer, weight 0.3 from step 2');
    expect(height(one)).toBeGreaterThan(height(none));
    const many = of(Array.from({ length: 11 }, (_, step) => ({ step, label: 'Rate' })));
    expect(many.match(/Changed live/g)).toHaveLength(8);
    expect(many).toContain('and 3 more changes');
  });

  it('marks the notes at the steps that it shows, and writes them out below', () => {
    const of = (notes: ChartRun['notes']) => {
      const lines = lineSet([1, 2, 3], 0, 'RLVR', [], notes);
      const frame = {
        ...{ width: 300, height: 100, beside: 0, xAxis: 'step' as const },
        x: xScale([], { xAxis: 'step', range: null }, 10),
        y: yScale(spec, lines, { log: false, ignoreOutliers: false, most: 5 }),
      };
      return chartSvg(spec, frame, lines, colours, 0);
    };
    const ticks = (svg: string) => svg.match(/y1="95" /g)?.length ?? 0;
    const height = (svg: string) => Number(/ height="(\d+)"/.exec(svg)?.[1]);
    const none = of([]);
    const one = of([{ step: 2, text: 'Lengths <fall>' }]);
    expect([ticks(none), ticks(one)]).toEqual([0, 1]);
    expect(one).toContain('Note at step 2: Lengths &lt;fall&gt;');
    const long = of([{ step: 2, text: 'word '.repeat(32).trim() }]);
    expect(long.match(/word/g)).toHaveLength(32);
    expect(height(long)).toBeGreaterThan(height(one));
    const many = of(Array.from({ length: 23 }, (_, i) => ({ step: i % 3, text: 'word' })));
    expect(many.match(/Note at step/g)).toHaveLength(20);
    expect(many).toContain('and 3 more notes');
    expect(of([{ step: 99, text: 'beyond' }])).not.toContain('beyond');
  });

  it('draws a picture that stands alone, breaks lines at gaps, escapes text and names the smoothing', () => {
    const lines = lineSet([1, 2, null, 3, 4], 0.8);
    const frame = {
      ...{ width: 300, height: 100, beside: 0, xAxis: 'step' as const },
      x: xScale([], { xAxis: 'step', range: null }, 10),
      y: yScale(spec, lines, { log: false, ignoreOutliers: false, most: 5 }),
    };
    const svg = chartSvg(spec, frame, lines, colours, 0.8);
    expect(svg).toContain('Reward &lt;b&gt;');
    expect(svg).toContain('smoothing 0.8');
    const path = /d="(M[^"]+L[^"]+)" fill="none"/.exec(svg)?.[1] ?? '';
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/L/g)).toHaveLength(2);
    expect(svg).not.toContain('var(');
  });
});
