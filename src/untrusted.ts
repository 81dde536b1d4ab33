/** What strangers' files may be, whatever they are for. */

/** No file that is read here nests deeper than a few levels. */
export const MAX_DEPTH = 64;

/**
 * Whether parsed JSON nests at most `depth` levels. `JSON.parse` takes any depth, and what walks the value by recursion after it would run out
 * of stack, so this has to be asked first.
 */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  let level: unknown[] = [value];
  for (let at = 0; at <= depth; at++) {
    const below: unknown[] = [];
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue;
      // Not by spreading: a list may have more entries than a call has room for arguments.
      for (const part of Object.values(item)) below.push(part);
    }
    if (below.length === 0) return true;
    level = below;
  }
  return false;
}
