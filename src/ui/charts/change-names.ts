/** Names of live changes and notes at their ticks on the axis: the latest first, and only where they do not run into one another. */

/** One change of a live setting, or a note; `x` in pixels from the plot's left edge. */
export interface PlacedChange {
  readonly key: string;
  readonly label: string;
  readonly x: number;
}

export interface ChangeName extends PlacedChange {
  /** Right of its tick, or left of it where the plot ends. */
  readonly anchor: 'start' | 'end';
}

/** Pixels of one letter at the size of ticks, on the generous side. */
const LETTER = 6;
/** Pixels between a tick and its name, and between two names. */
const CLEAR = 5;

/** The names that fit into a plot of `width` pixels. A slider that is dragged makes many ticks and one name. */
export function changeNames(changes: readonly PlacedChange[], width: number): ChangeName[] {
  const taken: [number, number][] = [];
  const kept: ChangeName[] = [];
  for (const change of changes.toSorted((a, b) => b.x - a.x)) {
    const size = CLEAR + LETTER * change.label.length;
    const anchor = change.x + size <= width ? 'start' : 'end';
    const from = anchor === 'start' ? change.x : change.x - size;
    const to = from + size;
    if (from < 0 || taken.some(([low, high]) => from < high + CLEAR && to + CLEAR > low)) continue;
    taken.push([from, to]);
    kept.push({ ...change, anchor });
  }
  return kept;
}
