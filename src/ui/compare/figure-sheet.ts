/** The sheet of a figure that is saved: its title, its key, and below it the caption that says what was run. */
import type { ExportColours } from '../charts/chart-export.ts';
import { slotOf } from '../charts/runs.ts';
import { escaped, words } from '../plot/svg-text.ts';
import type { Compared } from './comparison.ts';

const WIDTH = 640;
/** Pixels left of a plot. */
export const LEFT = 52;
export const PLOT = { width: WIDTH - LEFT - 24, height: 220 };
const LETTERS = 104;
const LINE = 15;

interface About {
  readonly colours: ExportColours;
  readonly title: { readonly label: string; readonly unit: string };
  readonly caption: string;
  /** Where the caption begins, in pixels from the top. */
  readonly bottom: number;
}

/** A picture that stands alone: nothing outside is referred to. @param inside its plots */
export function sheet(
  { colours, title, caption, bottom }: About,
  inside: readonly string[],
): string {
  const text = wrapped(caption, LETTERS);
  const height = bottom + LINE * text.length + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}">`,
    `<style>${styleOf(colours)}</style>`,
    `<rect width="100%" height="100%" fill="${colours.paper}"/>`,
    `<text x="${LEFT}" y="22"><tspan class="strong">${escaped(title.label)}</tspan> ${escaped(title.unit)}</text>`,
    ...inside,
    ...text.map((line, i) => words(12, bottom + LINE * i, line)),
    '</svg>',
  ].join('\n');
}

/** The names of groups in their colours, at the top right. */
export function keyText(
  groups: readonly Pick<Compared, 'row' | 'slot'>[],
  colours: ExportColours,
): string {
  const spans = groups.map(({ row, slot }, i) => {
    const hue = colours.runs[slotOf({ slot })];
    return `<tspan dx="${i === 0 ? 0 : 14}" style="fill: ${hue}">${escaped(row.name)}</tspan>`;
  });
  return `<text x="${WIDTH - 24}" y="22" class="end">${spans.join('')}</text>`;
}

function styleOf({ ink, quiet, line }: ExportColours): string {
  return [
    `text { font: 11px "IBM Plex Sans", system-ui, sans-serif; fill: ${quiet} }`,
    `.end { text-anchor: end } .middle { text-anchor: middle } .strong { font-weight: 600; fill: ${ink} }`,
    `.grid { stroke: ${line} } .axis { stroke: ${quiet} }`,
  ].join(' ');
}

/** A text in lines of at most so many letters. */
function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
