/** The sheet of a figure that is saved: its title, its key, and below it the caption that says what was run. */
import type { ExportColours } from '../charts/chart-export.ts';
import { slotOf } from '../charts/runs.ts';
import { lettersWidth } from '../plot/names.ts';
import { escaped, words } from '../plot/svg-text.ts';
import type { Compared } from './comparison.ts';

const WIDTH = 640;
/** Pixels left of a plot. */
export const LEFT = 52;
export const PLOT = { width: WIDTH - LEFT - 24, height: 220 };
const LETTERS = 104;
const LINE = 15;
/** The line on which the title stands, in pixels from the top. */
const TITLE = 22;

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
    `<text x="${LEFT}" y="${TITLE}"><tspan class="strong">${escaped(title.label)}</tspan> ${escaped(title.unit)}</text>`,
    ...inside,
    ...text.map((line, i) => words(12, bottom + LINE * i, line)),
    '</svg>',
  ].join('\n');
}

/** Pixels between two names of the key, and between the title and the first. */
const APART = 14;
/** Pixels from the line above a plot to it. */
const OVER = 22;

export interface Key {
  readonly text: readonly string[];
  /** Where the plot under it begins, in pixels from the top. */
  readonly top: number;
}

/** The names of groups in their colours: at the top right where they have room beside the title, else in lines below it. */
export function keyText(
  groups: readonly Pick<Compared, 'row' | 'slot'>[],
  colours: ExportColours,
  { label, unit }: About['title'],
): Key {
  const widthOf = (name: string) => lettersWidth(name.length);
  const spans = (some: typeof groups) =>
    some.map(({ row, slot }, i) => {
      const hue = colours.runs[slotOf({ slot })];
      return `<tspan dx="${i === 0 ? 0 : APART}" style="fill: ${hue}">${escaped(row.name)}</tspan>`;
    });
  const whole = groups.reduce((sum, { row }) => sum + widthOf(row.name) + APART, 0);
  if (widthOf(`${label} ${unit}`) + whole <= PLOT.width) {
    const text = `<text x="${WIDTH - 24}" y="${TITLE}" class="end">${spans(groups).join('')}</text>`;
    return { text: [text], top: TITLE + OVER };
  }
  const lines: (typeof groups)[number][][] = [];
  let room = 0;
  for (const group of groups) {
    const width = widthOf(group.row.name) + APART;
    if (width > room) {
      lines.push([]);
      room = PLOT.width;
    }
    lines.at(-1)?.push(group);
    room -= width;
  }
  return {
    text: lines.map(
      (some, i) => `<text x="${LEFT}" y="${TITLE + LINE * (i + 1)}">${spans(some).join('')}</text>`,
    ),
    top: TITLE + LINE * lines.length + OVER,
  };
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
