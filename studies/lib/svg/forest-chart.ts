/** One row an arm: a number with its interval, and the border that divides better from worse. */
import type { Show } from '../format.ts';
import { withInterval } from '../format.ts';
import type { Estimate } from '../statistics.ts';
import { type Figure, px, rule, sheet, widthOf, words } from './figure.ts';
import { linearScale, tickText } from './scale.ts';

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
  const x = linearScale(
    [...ends, border, ...(paper === undefined ? [] : [paper])].map((v) => v * times),
    left + 8,
    right - 8,
    { most: 6 },
  );
  const top = 44;
  const bottom = top + rows.length * ROW;
  const parts = [
    words(16, 22, title, 'title'),
    ...x.ticks.flatMap((tick) => [
      rule(x.place(tick), top - 8, x.place(tick), bottom, 'grid'),
      words(x.place(tick), bottom + 16, tickText(x, tick), 'tick middle'),
    ]),
    rule(x.place(border * times), top - 8, x.place(border * times), bottom, 'zero'),
    ...(paper === undefined
      ? []
      : [
          rule(x.place(paper * times), top - 8, x.place(paper * times), bottom, 'zero dashed'),
          words(x.place(paper * times), top - 12, 'paper', 'tick middle'),
        ]),
    ...rows.flatMap(({ label, value: { mean, low, high } }, i) => {
      const y = top + i * ROW + ROW / 2;
      const bar =
        low === null || high === null
          ? []
          : [rule(x.place(low * times), y, x.place(high * times), y, 'thin')];
      return [
        words(16, y + 4, label),
        `<g class="ink">${bar.join('')}<circle class="disc" cx="${px(x.place(mean * times))}" cy="${px(y)}" r="4"/></g>`,
        words(WIDTH - 16, y + 4, texts[i], 'end'),
      ];
    }),
    words((left + right) / 2, bottom + 32, axis, 'tick middle'),
  ];
  const description = rows.map(({ label }, i) => `${label}: ${texts[i]}.`).join(' ');
  return { name, title, caption, svg: sheet(WIDTH, bottom + 44, title, description, parts) };
}
