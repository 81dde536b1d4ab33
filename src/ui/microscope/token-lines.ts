/** How a long answer breaks into lines, one cell a token, and where things stand on a line. */
import { visiblePieces } from '../samples/visible-text.ts';

/** A line of an answer: tokens `from` to `to`, its cells' left edges and its whole width in characters. */
export interface TokenLine {
  readonly from: number;
  readonly to: number;
  /** `to - from + 1` places, from 0 to `width`, in characters: cell `i` is between place `i` and the next. */
  readonly edges: readonly number[];
  readonly width: number;
}

/** Most characters of a line. */
export const LINE_CHARACTERS = 64;

/** Breaks an answer into lines of at most `most` characters, at the ends of steps where these allow it. */
export function tokenLines(
  widths: readonly number[],
  steps: readonly number[],
  most = LINE_CHARACTERS,
): TokenLine[] {
  const lines: TokenLine[] = [];
  let from = 0;
  do {
    let to = from;
    let width = 0;
    while (to < widths.length && (to === from || width + widths[to] <= most)) width += widths[to++];
    if (to < widths.length) to = steps.findLast((step) => step > from && step <= to) ?? to;
    const edges = [0];
    for (let i = from; i < to; i++) edges.push(edges[i - from] + widths[i]);
    lines.push({ from, to, edges, width: edges[to - from] });
    from = to;
  } while (from < widths.length);
  return lines;
}

/** Characters a token takes; one that shows nothing still takes a cell. */
export function widthOf(token: string): number {
  return Math.max(
    1,
    visiblePieces(token).reduce((sum, { text }) => sum + [...text].length, 0),
  );
}

/** Where token `i` begins on a line, in characters; before the line at its start, and after it at its end. */
export function placeOf(i: number, { from, to, edges }: TokenLine): number {
  return edges[Math.min(Math.max(i, from), to) - from];
}

/** A place on a line, in characters, as a share of its width. */
export function percent(place: number, { width }: TokenLine): string {
  return `${((100 * place) / Math.max(1, width)).toFixed(3)}%`;
}
