/** Places in an answer: in which order they are computed, how keys move between them, and where they stand on a line. */
import type { TokenLine } from '../token-lines.ts';

/**
 * All cuts 0 to `count`, coarse to fine: both ends, the ends of reasoning steps, then always the middle of the widest gap, so
 * that a curve that is not finished is nowhere much poorer than elsewhere.
 */
export function cutOrder(count: number, steps: readonly number[]): number[] {
  const order: number[] = [];
  const taken = new Set<number>();
  const take = (cut: number) => {
    if (cut < 0 || cut > count || taken.has(cut)) return;
    taken.add(cut);
    order.push(cut);
  };
  take(0);
  take(count);
  for (const step of steps) take(step);
  while (order.length <= count) {
    const placed = [...taken].sort((a, b) => a - b);
    const widest = Math.max(...placed.slice(1).map((cut, i) => cut - placed[i]));
    placed.slice(1).forEach((cut, i) => {
      if (cut - placed[i] === widest) take(placed[i] + Math.floor(widest / 2));
    });
  }
  return order;
}

/** How far a key moves the cut: one token, to the next end of a step, or all the way. */
export type CutMove = 'token' | 'step' | 'end';

/** The cut after a move to the left (-1) or right (1). */
export function moveCut(
  cut: number,
  direction: -1 | 1,
  by: CutMove,
  count: number,
  steps: readonly number[],
): number {
  const end = direction < 0 ? 0 : count;
  if (by === 'end') return end;
  if (by === 'token') return Math.min(count, Math.max(0, cut + direction));
  return direction < 0
    ? (steps.findLast((step) => step < cut) ?? end)
    : (steps.find((step) => step > cut) ?? end);
}

/** The move that a key press asks for, or undefined. */
export function moveOf(
  key: string,
  shift: boolean,
): { readonly direction: -1 | 1; readonly by: CutMove } | undefined {
  const by = shift ? 'step' : 'token';
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return { direction: -1, by };
    case 'ArrowRight':
    case 'ArrowUp':
      return { direction: 1, by };
    case 'Home':
      return { direction: -1, by: 'end' };
    case 'End':
      return { direction: 1, by: 'end' };
    default:
      return undefined;
  }
}

/** Where a cut stands on a line, in characters; undefined where it is on another. The end of a line is the start of the next. */
export function placeOf(line: TokenLine, cut: number, last: boolean): number | undefined {
  if (cut < line.from || cut > line.to || (cut === line.to && !last)) return undefined;
  return line.edges[cut - line.from];
}

/** The cut of a line that is nearest to a place in characters. */
export function cutAtPlace(line: TokenLine, place: number): number {
  let best = 0;
  line.edges.forEach((edge, i) => {
    if (Math.abs(edge - place) < Math.abs(line.edges[best] - place)) best = i;
  });
  return line.from + best;
}
