/** Bars and places as files: the picture with its caption, and its numbers. */
import { csvText } from '../../csv.ts';
import type { ExportColours } from '../charts/chart-export.ts';
import { slotOf } from '../charts/runs.ts';
import type { Frame } from '../plot/frame.ts';
import { axesText, axisNames, placed, px, words } from '../plot/svg-text.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import type { Metric } from '../stored/group-words.ts';
import { changesCell } from './compare-export.ts';
import { barCaption, placesCaption } from './compare-words.ts';
import type { Comparison } from './comparison.ts';
import { keyText, LEFT, PLOT, sheet } from './figure-sheet.ts';
import { type BarOf, barsOf, placesOf } from './standing.ts';
import { barFrame, barShapes, placeFrame, placeShapes, type Shape } from './standing-shapes.ts';

/** One figure in every form in which it leaves the page. */
export interface FigureFiles {
  readonly caption: string;
  readonly svg: (colours: ExportColours) => string;
  readonly csv: () => string;
  readonly json: () => string;
}

export function barFiles(comparison: Comparison, of: BarOf): FigureFiles {
  const { metric, groups } = comparison;
  const bars = barsOf(comparison, of);
  const caption = barCaption(comparison, of);
  return {
    caption,
    svg: (colours) => {
      const frame = barFrame(bars, metric, PLOT.width, PLOT.height);
      return figure({ colours, caption, title: metric }, groups, frame, barShapes(frame, bars));
    },
    csv: () =>
      csvText([
        ['group', 'seed', `${of} ${metric.id} (${metric.unit})`, ...MADE_BY],
        ...bars.flatMap(({ row, values }) =>
          values.map(({ seed, value }) => [row.name, seed, value, ...madeBy(row, seed)]),
        ),
      ]),
    json: () =>
      jsonText(comparison, caption, {
        ...{ view: 'bars', value: of, metric: metric.id, unit: metric.unit },
        groups: bars.map(({ row, values, estimate }) => ({ name: row.name, values, ...estimate })),
      }),
  };
}

export function placeFiles(comparison: Comparison, x: Metric): FigureFiles {
  const { metric: y, groups } = comparison;
  const places = placesOf(comparison, x);
  const caption = placesCaption(comparison, x);
  return {
    caption,
    svg: (colours) => {
      const frame = placeFrame(places, [x, y], PLOT.width, PLOT.height);
      const title = {
        label: y.label,
        unit: `${y.unit}, against ${x.label.toLowerCase()}, ${x.unit}`,
      };
      const names = axisNames(frame, nameOf(x), nameOf(y));
      return figure({ colours, caption, title }, groups, frame, placeShapes(frame, places), names);
    },
    csv: () =>
      csvText([
        ['group', 'seed', `${x.id} (${x.unit})`, `${y.id} (${y.unit})`, ...MADE_BY],
        ...places.flatMap(({ row, seeds }) =>
          seeds.map((one) => [row.name, one.seed, one.x, one.y, ...madeBy(row, one.seed)]),
        ),
      ]),
    json: () =>
      jsonText(comparison, caption, {
        ...{ view: 'pareto', x: x.id, y: y.id },
        groups: places.map(({ row, ...place }) => ({
          ...{ name: row.name, seeds: place.seeds, unbeaten: place.unbeaten },
          ...{ x: place.x, y: place.y },
        })),
      }),
  };
}

const MADE_BY = ['hash', 'adapter', 'build', 'live_changes'];

/** The columns of MADE_BY for the run with a seed. */
function madeBy({ group }: GroupRow, seed: number): readonly string[] {
  const run = group.runs.find((one) => one.seed === seed);
  return run ? [run.hash, run.adapter, run.build, changesCell(run)] : MADE_BY.map(() => '');
}

function jsonText({ groups, adapters, builds }: Comparison, caption: string, own: object): string {
  const experiments = groups.map(({ row }) => ({
    name: row.name,
    experiment: { ...row.group.runs[0].experiment, seed: undefined },
    live_changes: row.group.runs[0].changes,
  }));
  return `${JSON.stringify({ version: 1, caption, adapters, builds, ...own, experiments }, null, 1)}\n`;
}

const nameOf = ({ label, unit }: Metric) => `${label}, ${unit}`;

/** @param names of the axes, where the title alone does not say them */
function figure(
  about: Pick<Parameters<typeof sheet>[0], 'colours' | 'caption' | 'title'>,
  groups: Comparison['groups'],
  frame: Frame,
  shapes: readonly Shape[],
  names: readonly string[] = [],
): string {
  const { text, top } = keyText(groups, about.colours, about.title);
  const below = names.length > 0 ? 60 : 44;
  return sheet({ ...about, bottom: top + PLOT.height + below }, [
    ...text,
    placed(LEFT, top, [
      ...axesText(frame),
      ...names,
      ...shapes.map((shape) => shapeText(shape, about.colours)),
    ]),
  ]);
}

function shapeText(shape: Shape, { ink, quiet, paper, runs }: ExportColours): string {
  switch (shape.kind) {
    case 'bar': {
      const { x, y, width, height, slot } = shape;
      return `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${runs[slotOf({ slot })]}" fill-opacity="0.3"/>`;
    }
    case 'line': {
      const [x1, y1, x2, y2] = shape.ends.map(px);
      const hue = shape.slot === 0 ? quiet : ink;
      return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${hue}" stroke-width="${shape.slot === 0 ? 1 : 1.5}"/>`;
    }
    case 'mean':
      return `<circle cx="${px(shape.x)}" cy="${px(shape.y)}" r="4.5" fill="${runs[slotOf(shape)]}"/>`;
    case 'seed':
      return `<circle cx="${px(shape.x)}" cy="${px(shape.y)}" r="2.5" fill="${runs[slotOf(shape)]}" stroke="${paper}"/>`;
    case 'front':
      return `<path d="${shape.path}" fill="none" stroke="${quiet}" stroke-dasharray="2 3"/>`;
    case 'name':
      return words(shape.x, shape.y, shape.text, shape.middle ? 'middle' : '');
  }
}
