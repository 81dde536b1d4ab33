/** Levels that a chart's lines are compared with: dotted lines across the plot, each with its name where no line of the chart runs. */
import type { ChartLevel } from '../../rl/methods/method.ts';
import { type Frame, pixelX, pixelY } from '../plot/frame.ts';
import type { PlotLine } from '../plot/mark.ts';
import { lettersWidth, NAME_HEIGHT } from '../plot/names.ts';
import { reading } from '../plot/numbers.ts';
import type { ChartSpec } from './chart-spec.ts';
import type { DrawnLine } from './lines.ts';

/** Pixels from a level up to the middle of its name, from the plot's edge to it, and between two names. */
const ABOVE = 8;
const INSET = 4;
const APART = 13;
/** The highest middle of a name that is still within the plot, below the title. */
const TOP = 6;

/** A piece of the plot, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a scale must span so that every level shows. */
export function levelValues({ levels = [] }: Pick<ChartSpec, 'levels'>, log: boolean): number[] {
  return levels.flatMap(({ value }) => (log && value <= 0 ? [] : [value]));
}

export function levelLines({ levels }: Pick<ChartSpec, 'levels'>, frame: Frame): PlotLine[] {
  return placed(levels, frame).map(({ name, value }) => ({
    key: `level ${name}`,
    points: [
      { x: frame.x.low, y: value },
      { x: frame.x.high, y: value },
    ],
    className: 'ln level',
    stroke: 'var(--ink-2)',
    width: 1,
    dash: '1 3',
  }));
}

interface LevelName {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/**
 * Names above their lines, from the lowest line up; one that would lie over another moves up. Where that leaves the plot, the names move
 * down again, from the top: none lies over the title. Each stands at the right, in the middle or at the left, where it hides least of the
 * chart's lines. It never lies over what is `taken`, which are the names of lines: it then stands beside the plot or under its own
 * line, and where there is no room there either it is left out until there is.
 * @param frame `beside` are the pixels right of it that are kept for names
 */
export function levelNames(
  { levels }: Pick<ChartSpec, 'levels'>,
  frame: Frame & { readonly beside?: number },
  lines: readonly Pick<DrawnLine, 'points'>[] = [],
  taken: readonly Box[] = [],
): LevelName[] {
  let most = Number.POSITIVE_INFINITY;
  const names = placed(levels, frame)
    .sort((a, b) => a.value - b.value)
    .map(({ name, value }) => {
      const y = Math.min(pixelY(frame, value) - ABOVE, most);
      most = y - APART;
      return { name, x: INSET, y };
    });
  let least = TOP;
  const lowered = names.toReversed().map((name) => {
    const y = Math.max(name.y, least);
    least = y + APART;
    return { ...name, y };
  });
  const full = [...taken];
  return lowered.toReversed().flatMap((name) => {
    const found = placeOf(name, frame, lines, full);
    if (found) full.push(plateOf(found.name, found.x, found.y));
    return found ?? [];
  });
}

/**
 * The free place at which a name lies over the fewest points: the right one first, so that the first steps stay free. Undefined where none
 * is free.
 */
function placeOf(
  { name, y }: LevelName,
  frame: Frame & { readonly beside?: number },
  lines: readonly Pick<DrawnLine, 'points'>[],
  taken: readonly Box[],
): LevelName | undefined {
  const length = lettersWidth(name.length);
  const room = Math.max(INSET, frame.width - length - INSET);
  const beside = Math.max(room, frame.width + (frame.beside ?? 0) - length);
  const along = [room, (room + INSET) / 2, INSET];
  const hidden = (plate: Box) =>
    lines
      .flatMap(({ points }) => points)
      .filter((point) => point.y !== null && within(plate, frame, point.x, point.y)).length;
  const free = (at: number, places: readonly number[]) =>
    places
      .map((x) => ({ name, x, y: at, plate: plateOf(name, x, at) }))
      .filter(({ plate }) => !taken.some((box) => meet(plate, box)));
  const under = y + 2 * ABOVE;
  const choices = [
    free(y, along),
    free(y, [beside]),
    under + NAME_HEIGHT / 2 <= frame.height ? free(under, [...along, beside]) : [],
  ].find((places) => places.length > 0);
  if (!choices) return undefined;
  const { x, y: at } = choices.reduce((best, one) =>
    hidden(one.plate) < hidden(best.plate) ? one : best,
  );
  return { name, x, y: at };
}

/** Whether one lies over the other by more than their edges. */
function meet(a: Box, b: Box): boolean {
  const apart = (from: number, size: number, other: number, otherSize: number) =>
    from + size <= other + 1 || other + otherSize <= from + 1;
  return !apart(a.x, a.width, b.x, b.width) && !apart(a.y, a.height, b.y, b.height);
}

function within(plate: Box, frame: Frame, atX: number, atY: number): boolean {
  const [x, y] = [pixelX(frame, atX), pixelY(frame, atY)];
  return x >= plate.x && x <= plate.x + plate.width && y >= plate.y && y <= plate.y + plate.height;
}

/** What lies under a name, in pixels, so that no curve crosses its letters. */
export function plateOf(name: string, x: number, y: number): Box {
  return {
    ...{ x: x - 2, y: y - NAME_HEIGHT / 2 },
    ...{ width: lettersWidth(name.length) + 4, height: NAME_HEIGHT },
  };
}

/** The levels in words, for who does not see them. */
export function levelSentence({ levels = [] }: Pick<ChartSpec, 'levels'>): string {
  return levels.map(({ name, value }) => `Line at ${reading(value)}: ${name}.`).join(' ');
}

function placed(levels: readonly ChartLevel[] = [], frame: Frame): ChartLevel[] {
  return levels.filter(({ value }) => Number.isFinite(pixelY(frame, value)));
}
