/** Names beside the ends of a plot's lines: the room they take, and heights at which none lies over another. */

/** Pixels of a letter, and from a line's end to its name. */
const LETTER = 5.5;
export const BESIDE = 9;

/** Pixels that so many letters take. */
export function lettersWidth(letters: number): number {
  return LETTER * letters;
}

/** Pixels that a name of so many letters takes, with its distance from the line. */
export function nameWidth(letters: number): number {
  return BESIDE + lettersWidth(letters);
}

/**
 * Pixels to keep free right of a plot, where no line can run through a name. Never more than a third of the width: longer names
 * lie in the plot.
 */
export function nameRoom(letters: readonly number[], width: number): number {
  return letters.length === 0
    ? 0
    : Math.round(Math.min(width / 3, nameWidth(Math.max(...letters))));
}

/** Least distance between two names, in pixels. */
export const NAME_HEIGHT = 14;

/**
 * The heights at which names stand, in the order given: each where it wants to be, moved down where another is in the way,
 * and back up where the last would fall off the bottom. Too many for the height keep their distance and go over the top.
 */
export function spread(
  wanted: readonly number[],
  top: number,
  bottom: number,
  apart = NAME_HEIGHT,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const heights = [...wanted];
  let least = top;
  for (const i of order) {
    heights[i] = Math.max(heights[i], least);
    least = heights[i] + apart;
  }
  let most = bottom;
  for (const i of order.reverse()) {
    heights[i] = Math.min(heights[i], most);
    most = heights[i] - apart;
  }
  return heights;
}
