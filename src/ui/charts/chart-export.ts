import type { ChartSpec } from './catalogue.ts';
import { axisLabel, type Frame, pixelX, pixelY } from './frame.ts';
import type { DrawnLine } from './lines.ts';
import { DASHES } from './runs.ts';
import { axisTicks } from './ticks.ts';

/** Colours as the browser resolved them for the theme in use: a saved picture has no style sheet. */
export interface ExportColours {
  readonly paper: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  /** By slot; entry 0 is unused. */
  readonly runs: readonly string[];
}

const PAD = { left: 48, right: 24, top: 44, bottom: 52 };

/**
 * The chart as a picture that stands alone: title, unit, axes, lines, a key, and the smoothing that was applied. Text in
 * it is escaped; there is no script and no reference to anything outside.
 */
export function chartSvg(
  spec: ChartSpec,
  frame: Frame,
  lines: readonly DrawnLine[],
  colours: ExportColours,
  smoothing: number,
): string {
  const width = frame.width + PAD.left + PAD.right;
  const height = frame.height + PAD.top + PAD.bottom;
  const hue = (line: DrawnLine) => (spec.ink ? colours.ink : colours.runs[line.slot]);
  const grid = frame.scale.ticks.map((tick) => {
    const y = round(pixelY(frame, tick));
    const text = `<text x="-6" y="${y + 4}" text-anchor="end">${escapeXml(frame.scale.label(tick))}</text>`;
    return `<path d="M0 ${y}H${frame.width}" stroke="${colours.line}"/>${text}`;
  });
  const bottom = axisTicks(frame.x[0], frame.x[1]).map(
    (tick) =>
      `<text x="${round(pixelX(frame, tick))}" y="${frame.height + 16}" text-anchor="middle">${escapeXml(axisLabel(frame, tick))}</text>`,
  );
  const drawn = lines.map((line) => {
    const dash = spec.ink ? undefined : DASHES[line.slot];
    const dashes = dash ? ` stroke-dasharray="${dash}"` : '';
    return `<path d="${pathOf(frame, line)}" fill="none" stroke="${hue(line)}" stroke-width="1.75"${dashes}/>`;
  });
  const keys = lines.map((line, i) => {
    const name = line.spec.name ? `${line.run.label}, ${line.spec.name}` : line.run.label;
    return `<tspan x="${i === 0 ? 0 : ''}" dx="${i === 0 ? 0 : 12}" fill="${hue(line)}">${escapeXml(name)}</tspan>`.replace(
      ' x=""',
      '',
    );
  });
  const smoothed = spec.sparse || smoothing === 0 ? 'not smoothed' : `smoothing ${smoothing}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="'IBM Plex Sans', system-ui, sans-serif" font-size="11" fill="${colours.quiet}">`,
    `<rect width="100%" height="100%" fill="${colours.paper}"/>`,
    `<text x="${PAD.left}" y="24" font-size="13" fill="${colours.ink}"><tspan font-weight="600">${escapeXml(spec.title)}</tspan> ${escapeXml(spec.unit ?? '')}</text>`,
    `<g transform="translate(${PAD.left} ${PAD.top})">`,
    ...grid,
    ...drawn,
    ...bottom,
    `<text y="${frame.height + 36}">${keys.join('')}<tspan dx="12" fill="${colours.quiet}">by ${frame.xAxis}, ${smoothed}</tspan></text>`,
    '</g></svg>',
  ].join('\n');
}

function pathOf(frame: Frame, line: DrawnLine): string {
  let pen = 'M';
  let path = '';
  for (const { x, y } of line.points) {
    if (y === null || (frame.log && y <= 0)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${round(pixelX(frame, x))} ${round(pixelY(frame, y))}`;
    pen = 'L';
  }
  return path;
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
  const rows = steps.map((step) => [
    String(step),
    ...cells.map((cell) => {
      const value = cell.get(step);
      return value === undefined || Number.isNaN(value) ? '' : String(value);
    }),
  ]);
  const unit = spec.unit ? ` (${spec.unit})` : '';
  const head = ['step', ...columns.map((column) => `${column.head}${unit}`)].map(quote);
  return `${[head, ...rows].map((row) => row.join(',')).join('\r\n')}\r\n`;
}

function quote(text: string): string {
  // A leading = + - @ would be taken for a formula by spreadsheets.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
