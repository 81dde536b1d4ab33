/** Heights of names beside a plot's marks, so that none lies over another. */

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
