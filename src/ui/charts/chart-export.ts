import { csvText } from '../../csv.ts';
import { frameLine, pixelX, pixelY } from '../plot/frame.ts';
import { axesText, escaped, placed, rule, words } from '../plot/svg-text.ts';
import type { ChartSpec } from './chart-spec.ts';
import { levelNames } from './levels.ts';
import type { DrawnLine } from './lines.ts';
import { type MetricFrame, stepPosition } from './metric-frame.ts';
import type { ChartRun } from './runs.ts';

/** Colours as the browser resolved them for the theme in use: a saved picture knows nothing of the page's style. */
export interface ExportColours {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  /** By slot; entry 0 is unused. */
  readonly runs: readonly string[];
}

const PAD = { left: 48, right: 24, top: 44, bottom: 52 };
/** Pixels of a line of the caption. */
const CAPTION_LINE = 16;
/** Pixels of one letter of it, on the generous side. */
const LETTER = 6;
/** Live changes that the caption names; a slider that was dragged makes hundreds. */
const MOST_CHANGES = 8;
/** Notes that it writes out. */
const MOST_NOTES = 20;

/** The classes of a plot's axes, in the colours of the theme. */
function styleOf({ ink, quiet, line }: ExportColours): string {
  return [
    `text { font: 11px "IBM Plex Sans", system-ui, sans-serif; fill: ${quiet} }`,
    `.end { text-anchor: end } .middle { text-anchor: middle } .strong { font-weight: 600; fill: ${ink} }`,
    `.grid { stroke: ${line} } .axis { stroke: ${quiet} } .level { stroke: ${quiet}; stroke-dasharray: 1 3 }`,
  ].join(' ');
}

/**
 * The chart as a picture that stands alone: title, unit, axes, lines, a key, the smoothing that was applied, what was changed live, and the notes
 * at its steps. Text in it is escaped; there is no script and no reference to anything outside.
 */
export function chartSvg(
  spec: ChartSpec,
  frame: MetricFrame,
  lines: readonly DrawnLine[],
  colours: ExportColours,
  smoothing: number,
): string {
  const width = frame.width + PAD.left + PAD.right;
  const runs = [...new Set(lines.map(({ run }) => run))];
  const notes = notesWithin(frame, runs);
  const said = notes.slice(0, MOST_NOTES);
  const unsaid = notes.length - said.length;
  const caption = [
    ...changesText(runs),
    ...said.flatMap(({ text }) => wrapped(text, frame.width)),
    ...(unsaid > 0 ? [`and ${unsaid} more notes`] : []),
  ];
  const height = frame.height + PAD.top + PAD.bottom + CAPTION_LINE * caption.length;
  const hue = (line: DrawnLine) => (spec.ink ? colours.ink : colours.runs[line.slot]);
  const drawn = lines.map((line) => {
    const dashes = line.dash ? ` stroke-dasharray="${line.dash}"` : '';
    return `<path d="${frameLine(frame, line.points)}" fill="none" stroke="${hue(line)}" stroke-width="${line.spec.thin ? 1 : 1.75}"${dashes}/>`;
  });
  const keys = lines.map((line, i) => {
    const name = line.spec.name ? `${line.run.label}, ${line.spec.name}` : line.run.label;
    return `<tspan dx="${i === 0 ? 0 : 12}" style="fill: ${hue(line)}">${escaped(name)}</tspan>`;
  });
  const smoothed = spec.sparse || smoothing === 0 ? 'not smoothed' : `smoothing ${smoothing}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<style>${styleOf(colours)}</style>`,
    `<rect width="100%" height="100%" fill="${colours.paper}"/>`,
    `<text x="${PAD.left}" y="24"><tspan class="strong">${escaped(spec.title)}</tspan> ${escaped(spec.unit ?? '')}</text>`,
    placed(PAD.left, PAD.top, [
      ...axesText(frame),
      ...levelMarks(spec, frame),
      ...drawn,
      ...notes.map(({ x }) => rule(x, frame.height - 5, x, frame.height + 5, 'axis')),
      `<text y="${frame.height + 36}">${keys.join('')}<tspan dx="12">by ${frame.xAxis}, ${smoothed}</tspan></text>`,
      ...caption.map((text, i) => words(0, frame.height + 36 + CAPTION_LINE * (i + 1), text)),
    ]),
    '</svg>',
  ].join('\n');
}

/** What was changed live in the runs that are drawn, so that nobody takes a curve for that of one setting. */
function changesText(runs: readonly ChartRun[]): string[] {
  const all = runs.flatMap(({ label, changes = [] }) =>
    changes.map(({ step, label: what }) => {
      const whose = runs.length > 1 ? `${label}: ` : '';
      return `Changed live, ${whose}${what} from step ${step}`;
    }),
  );
  const more = all.length - MOST_CHANGES;
  return more > 0 ? [...all.slice(0, MOST_CHANGES), `and ${more} more changes`] : all;
}

/** The notes at steps that the frame shows, with what the caption says of each. */
function notesWithin(
  frame: MetricFrame,
  runs: readonly ChartRun[],
): { readonly x: number; readonly text: string }[] {
  return runs.flatMap(({ label, notes = [] }) =>
    notes.flatMap(({ step, text }) => {
      const at = stepPosition(runs, frame.xAxis, step);
      if (at === undefined || at < frame.x.low || at > frame.x.high) return [];
      const whose = runs.length > 1 ? `, ${label}` : '';
      return [{ x: pixelX(frame, at), text: `Note at step ${step}${whose}: ${text}` }];
    }),
  );
}

/** Lines of a text that fit into so many pixels, broken between words where there are any. */
function wrapped(text: string, width: number): string[] {
  const most = Math.max(24, Math.floor(width / LETTER));
  const lines: string[] = [];
  let left = text;
  while (left.length > most) {
    const space = left.lastIndexOf(' ', most);
    const end = space > 0 ? space : most;
    lines.push(left.slice(0, end));
    left = left.slice(end).trimStart();
  }
  return [...lines, left];
}

function levelMarks(spec: ChartSpec, frame: MetricFrame): string[] {
  const lines = (spec.levels ?? []).map(({ value }) => {
    const y = pixelY(frame, value);
    return rule(0, y, frame.width, y, 'level');
  });
  return [...lines, ...levelNames(spec, frame).map(({ x, y, name }) => words(x, y + 4, name))];
}

/**
 * The chart as a table: one row a step that any line has, and for each line the measured and, where they differ, the
 * smoothed value. Full series, not what was thinned for drawing; a value that is not finite is an empty cell.
 */
export function chartCsv(spec: ChartSpec, lines: readonly DrawnLine[]): string {
  const columns = lines.flatMap((line) => {
    const head = `${line.run.label} ${line.column}`;
    const raw = { head, steps: line.steps, values: line.raw };
    const smoothed = { head: `${head} smoothed`, steps: line.steps, values: line.values };
    return line.values === line.raw ? [raw] : [raw, smoothed];
  });
  const cells = columns.map(
    ({ steps, values }) => new Map(steps.map((step, i) => [step, values[i]] as const)),
  );
  const steps = [...new Set(columns.flatMap((column) => column.steps))].sort((a, b) => a - b);
  const rows = steps.map((step) => [step, ...cells.map((cell) => cell.get(step))]);
  const unit = spec.unit ? ` (${spec.unit})` : '';
  const head = ['step', ...columns.map((column) => `${column.head}${unit}`)];
  return csvText([head, ...rows]);
}
