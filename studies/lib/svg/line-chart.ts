/** Curves with seed bands, one panel or several side by side with one key. */
import { bandPath, type Frame, linePath, pixelX, pixelY } from '../../../src/ui/plot/frame.ts';
import { exactScale, linearScale, log2Scale } from '../../../src/ui/plot/scale.ts';
import { axesText, placed, px, words } from '../../../src/ui/plot/svg-text.ts';
import type { CurvePoint } from '../results.ts';
import { type Figure, key, SLOTS, sheet } from './figure.ts';

export interface Line {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** Its colour and dash; its place in the panel where left out. */
  readonly slot?: number;
}

export interface Panel {
  readonly title: string;
  readonly unit?: string;
  /** In the order of the figure's key; a line without points is left out. */
  readonly lines: readonly Line[];
  /** What a value is multiplied with for the axis: 100 for shares as per cent. */
  readonly times?: number;
  /** What values can be at all; intervals are cut off there. */
  readonly within?: readonly [number, number];
  readonly x?: keyof typeof X_TITLES;
}

/** What lies along the horizontal axis: steps of training, answers drawn (in powers of two), share of the answer that was shown. */
const X_TITLES = { steps: 'step', k: 'answers, k', cut: 'share of the answer shown' };
const WIDTH = 760;
const PANEL_HEIGHT = 210;
const GAP = 32;
const LEFT = 44;

/** The band's edges; with few seeds an interval may leave the paper, so the axis is made from means and cut bands. */
function edges({ mean, low, high }: CurvePoint): [number, number] {
  return [low ?? mean, high ?? mean];
}

/** Values that the axis must show: all means, and bands as far as they stay within twice the means' own span. */
function shown(panel: Panel): number[] {
  const points = panel.lines.flatMap((line) => line.points);
  const means = points.map(({ mean }) => mean);
  const low = Math.min(...means);
  const high = Math.max(...means);
  const room = Math.max(high - low, 0.02);
  const [least, most] = panel.within ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const bands = points.flatMap(edges);
  const cut = (v: number) => Math.min(high + room, most, Math.max(low - room, least, v));
  return [...means, ...bands.map(cut)];
}

function drawLine(line: Line, slot: number, frame: Frame, times: number): string {
  const end = line.points.at(-1);
  if (!end) return '';
  const { low, high } = frame.y;
  const x = (point: CurvePoint) => pixelX(frame, point.x);
  const y = ({ mean }: CurvePoint) => pixelY(frame, mean * times);
  const edge = (side: 0 | 1) => (point: CurvePoint) =>
    pixelY(frame, Math.min(high, Math.max(low, edges(point)[side] * times)));
  const band = line.points.filter(({ n }) => n > 1);
  return [
    `<g class="r${slot % SLOTS}">`,
    band.length > 1 ? `<path class="band" d="${bandPath(band, x, edge(0), edge(1))}"/>` : '',
    `<path class="curve" d="${linePath(line.points, x, y)}"/>`,
    `<circle class="disc" cx="${px(x(end))}" cy="${px(y(end))}" r="3"/>`,
    '</g>',
  ].join('');
}

function drawPanel(panel: Panel, left: number, top: number, width: number): string[] {
  const { times = 1, x: kind = 'steps', unit } = panel;
  const xs = panel.lines.flatMap(({ points }) => points.map(({ x }) => x));
  const values = shown(panel).map((value) => value * times);
  const frame: Frame = {
    ...{ width: width - LEFT - 8, height: PANEL_HEIGHT - 66 },
    x:
      kind === 'k'
        ? log2Scale(Math.max(...xs))
        : exactScale(Math.min(0, ...xs), Math.max(...xs), { most: 5, ends: false }),
    y: linearScale(Math.min(...values), Math.max(...values), { most: 6 }),
  };
  const drawn = panel.lines.map((line, place) => drawLine(line, line.slot ?? place, frame, times));
  return [
    words(left, top + 14, unit ? `${panel.title}, ${unit}` : panel.title, 'title'),
    placed(left + LEFT, top + 30, [
      ...axesText(frame),
      words(frame.width, frame.height + 30, X_TITLES[kind], 'tick end'),
      // Later arms are drawn first, so that the first lie on top.
      ...drawn.reverse(),
    ]),
  ];
}

function sentences(panels: readonly Panel[]): string {
  const ends = panels.flatMap(({ title, lines, times = 1 }) =>
    lines.flatMap(({ name, points }) => {
      const first = points.at(0);
      const end = points.at(-1);
      if (!first || !end) return [];
      const at = ({ mean }: CurvePoint) => (mean * times).toPrecision(3);
      return [`${title}, ${name}: from ${at(first)} to ${at(end)}.`];
    }),
  );
  return ends.join(' ');
}

/** Draws panels in two columns. Null where no panel has a point. */
export function lineFigure(
  name: string,
  title: string,
  caption: string,
  panels: readonly Panel[],
): Figure | null {
  const some = panels.filter(({ lines }) => lines.some(({ points }) => points.length > 0));
  if (some.length === 0) return null;
  const columns = some.length === 1 ? 1 : 2;
  const width = (WIDTH - 32 - (columns - 1) * GAP) / columns;
  const legend = key(some[0].lines, 16, 24, WIDTH - 32);
  const top = 24 + legend.height;
  const parts = some.flatMap((panel, i) =>
    drawPanel(
      panel,
      16 + (i % columns) * (width + GAP),
      top + Math.floor(i / columns) * (PANEL_HEIGHT + 12),
      width,
    ),
  );
  const height = top + Math.ceil(some.length / columns) * (PANEL_HEIGHT + 12);
  return {
    name,
    title,
    caption,
    svg: sheet(WIDTH, height, title, sentences(some), [...legend.parts, ...parts]),
  };
}
