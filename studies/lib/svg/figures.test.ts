import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forestFigure } from './forest-chart.ts';
import { lineFigure } from './line-chart.ts';
import { linearScale, log2Scale, tickText } from './scale.ts';

describe('axes', () => {
  test('ticks are round, few, and reach around all values', () => {
    const number = fc.double({ min: -1000, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 2, maxLength: 9 }), (values) => {
        const { low, high, ticks, place } = linearScale(values, 100, 0);
        expect(low).toBeLessThanOrEqual(Math.min(...values) + 1e-6);
        expect(high).toBeGreaterThanOrEqual(Math.max(...values) - 1e-6);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(8);
        expect(place(low)).toBeCloseTo(100);
        expect(place(high)).toBeCloseTo(0);
      }),
    );
  });

  test('equal ticks are never printed equal', () => {
    for (const top of [0.003, 0.07, 0.5, 1, 6, 80, 4000]) {
      const scale = linearScale([0, top], 0, 100);
      const texts = scale.ticks.map((tick) => tickText(scale, tick));
      expect(new Set(texts).size).toBe(texts.length);
    }
  });

  test('k goes by powers of two', () => {
    const { ticks, place } = log2Scale(64, 0, 60);
    expect(ticks).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(place(8)).toBeCloseTo(30);
  });
});

describe('figures', () => {
  const point = (x: number, mean: number) => ({ x, mean, low: mean - 1, high: mean + 1, n: 5 });

  test('names from outside cannot become markup', () => {
    const { svg } = lineFigure('a', 'A <b> & "c"', '', [
      { title: '</svg><script>', lines: [{ name: '<i>', points: [point(0, 1), point(1, 2)] }] },
    ])!;
    expect(svg).not.toContain('<script>');
    expect(svg).not.toContain('<i>');
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
  });

  test('where there is nothing to draw there is no figure', () => {
    expect(lineFigure('a', '', '', [{ title: '', lines: [{ name: '', points: [] }] }])).toBeNull();
    const rows = [{ label: 'x', value: undefined }];
    expect(
      forestFigure('a', '', { title: '', axis: '', rows, show: String, border: 0 }),
    ).toBeNull();
  });

  test('a row without an interval has its mean and no bar', () => {
    const draw = (low: number | null, high: number | null) =>
      forestFigure('a', '', {
        title: '',
        axis: '',
        rows: [{ label: 'x', value: { mean: 1, low, high, n: 1 } }],
        show: String,
        border: 0,
      })!.svg;
    expect(draw(0, 2)).toContain('class="thin"');
    expect(draw(null, null)).not.toContain('class="thin"');
  });
});
