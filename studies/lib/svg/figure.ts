/**
 * What all figures share: the sheet with its style, and a few marks. They stand alone in a page that shows them as images, so
 * they bring their own ground and follow the reader's system from light to dark.
 */

import { escaped, rule, words } from '../../../src/ui/plot/svg-text.ts';

/** A finished drawing. */
export interface Figure {
  /** File name without its ending. */
  readonly name: string;
  readonly title: string;
  /** What stands under it. */
  readonly caption: string;
  readonly svg: string;
}

/** Runs have five colours and dashes, the same as on the page. */
export const SLOTS = 5;

const LIGHT = {
  paper: '#FDFDFC',
  line: '#E2E2E0',
  axis: '#C8C7C4',
  'ink-3': '#646360',
  ink: '#191816',
  runs: ['#C15400', '#216BB3', '#6A1F63', '#27501A', '#8A8F94'],
};
const DARK = {
  paper: '#111314',
  line: '#2B2D2F',
  axis: '#434548',
  'ink-3': '#999C9F',
  ink: '#ECEDEE',
  runs: ['#F39254', '#70B4F3', '#B45FD6', '#DDE89A', '#75808A'],
};
const DASHES = ['none', '7 4', '2 3', '9 3 2 3', 'none'];

function colours(theme: typeof LIGHT): string {
  const runs = theme.runs.map((hex, i) => `.r${i} { --run: ${hex} }`).join(' ');
  return `svg { --paper: ${theme.paper}; --line: ${theme.line}; --axis: ${theme.axis}; --ink: ${theme.ink}; --ink-3: ${theme['ink-3']} } ${runs}`;
}

const STYLE = [
  colours(LIGHT),
  `@media (prefers-color-scheme: dark) { ${colours(DARK)} }`,
  'text { font: 12px "IBM Plex Sans", system-ui, sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums }',
  '.title { font-weight: 600; font-size: 13px } .tick { font-size: 11px; fill: var(--ink-3) } .note { fill: var(--ink-3) }',
  '.end { text-anchor: end } .middle { text-anchor: middle }',
  '.paper { fill: var(--paper) } .grid { stroke: var(--line) } .axis { stroke: var(--axis) } .zero { stroke: var(--ink-3) }',
  '.curve { fill: none; stroke: var(--run); stroke-width: 1.75; stroke-linejoin: round } .band { fill: var(--run); opacity: .14 }',
  '.thin { stroke: var(--run); stroke-width: 1.25; fill: none } .disc { fill: var(--run); stroke: var(--paper) }',
  // Numbers about differences belong to no run, and so have no hue.
  '.ink { --run: var(--ink) } .dashed { stroke-dasharray: 5 4 }',
  '.name { paint-order: stroke; stroke: var(--paper); stroke-width: 3px }',
  ...DASHES.map((dash, i) =>
    dash === 'none' ? '' : `.r${i} .curve, .curve.r${i} { stroke-dasharray: ${dash} }`,
  ),
]
  .filter(Boolean)
  .join('\n');

/** About how wide a text of this many letters is at 12 px. */
export function widthOf(content: string): number {
  return content.length * 6.4;
}

/** A whole picture. @param parts its marks, in drawing order */
export function sheet(
  width: number,
  height: number,
  title: string,
  description: string,
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<style>\n${STYLE}\n</style>`,
    `<rect width="${width}" height="${height}" class="paper"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** The key of a figure: a stroke and a name each, in lines that fit. @returns marks, and how high they are together */
export function key(
  names: readonly { readonly name: string; readonly slot?: number }[],
  x: number,
  y: number,
  width: number,
): { readonly parts: string[]; readonly height: number } {
  const parts: string[] = [];
  let left = x;
  let top = y;
  names.forEach(({ name, slot }, place) => {
    const wide = 34 + widthOf(name) + 14;
    if (left > x && left + wide > x + width) {
      left = x;
      top += 18;
    }
    parts.push(
      `<g class="r${(slot ?? place) % SLOTS}">${rule(left, top - 4, left + 26, top - 4, 'curve')}</g>`,
      words(left + 32, top, name),
    );
    left += wide;
  });
  return { parts, height: top - y + 18 };
}
