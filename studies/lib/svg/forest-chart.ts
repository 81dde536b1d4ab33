/** One row an arm: a number with its interval, and the border that divides better from worse. */

import type { Estimate } from '../../../src/rl/over-seeds.ts';
import { linearScale } from '../../../src/ui/plot/scale.ts';
import { px, rule, words } from '../../../src/ui/plot/svg-text.ts';
import type { Show } from '../format.ts';
import { withInterval } from '../format.ts';
import { type Figure, sheet, widthOf } from './figure.ts';

export interface ForestRow {
  readonly label: string;
  readonly value: Estimate | undefined;
}

export interface Forest {
  readonly title: string;
  /** What the axis says. */
  readonly axis: string;
  readonly rows: readonly ForestRow[];
  readonly show: Show;
  readonly times?: number;
  /** Where nothing changes: 0 of differences, 1 of ratios. */
  readonly border: number;
  /** The paper's number, drawn as a dashed line. */
  readonly paper?: number;
}

const WIDTH = 760;
const ROW = 24;

/** Null where no row has a number. */
export function forestFigure(name: string, caption: string, forest: Forest): Figure | null {
  const { title, axis, show, times = 1, border, paper } = forest;
  const rows = forest.rows.flatMap(({ label, value }) => (value ? [{ label, value }] : []));
  if (rows.length === 0) return null;
  const texts = rows.map(({ value }) => withInterval(value, show));
  const left = 24 + Math.max(...rows.map(({ label }) => widthOf(label)));
  const right = WIDTH - 24 - Math.max(...texts.map(widthOf));
  const ends = rows.flatMap(({ value: { mean, low, high } }) => [mean, low ?? mean, high ?? mean]);
  const values = [...ends, border, ...(paper === undefined ? [] : [paper])].map((v) => v * times);
  const axisX = linearScale(Math.min(...values), Math.max(...values), { most: 7 });
  const x = (value: number) => left + 8 + axisX.share(value) * (right - left - 16);
  const top = 44;
  const bottom = top + rows.length * ROW;
  const parts = [
    words(16, 22, title, 'title'),
    ...axisX.ticks.flatMap((tick) => [
      rule(x(tick), top - 8, x(tick), bottom, 'grid'),
      words(x(tick), bottom + 16, axisX.label(tick), 'tick middle'),
    ]),
    rule(x(border * times), top - 8, x(border * times), bottom, 'zero'),
    ...(paper === undefined
      ? []
      : [
          rule(x(paper * times), top - 8, x(paper * times), bottom, 'zero dashed'),
          words(x(paper * times), top - 12, 'paper', 'tick middle'),
        ]),
    ...rows.flatMap(({ label, value: { mean, low, high } }, i) => {
      const y = top + i * ROW + ROW / 2;
      const bar =
        low === null || high === null ? [] : [rule(x(low * times), y, x(high * times), y, 'thin')];
      return [
        words(16, y + 4, label),
        `<g class="ink">${bar.join('')}<circle class="disc" cx="${px(x(mean * times))}" cy="${px(y)}" r="4"/></g>`,
        words(WIDTH - 16, y + 4, texts[i], 'end'),
      ];
    }),
    words((left + right) / 2, bottom + 32, axis, 'tick middle'),
  ];
  const description = rows.map(({ label }, i) => `${label}: ${texts[i]}.`).join(' ');
  return { name, title, caption, svg: sheet(WIDTH, bottom + 44, title, description, parts) };
}
