import { describe, expect, test } from 'vitest';
import { forestFigure } from './forest-chart.ts';
import { lineFigure } from './line-chart.ts';

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
