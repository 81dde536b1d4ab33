/** Which groups are compared. Each has a colour from when it is chosen until it is not: colours never move to another group. */

/** Keys by place; null where a place is free. */
export type Chosen = readonly (string | null)[];

/** Most groups that are compared: there are as many colours. */
export const MOST_CHOSEN = 5;

/** With a group chosen, at the first free place, or not any more. Beyond five nothing changes. */
export function choose(chosen: Chosen, key: string, on: boolean): Chosen {
  const without = chosen.map((one) => (one === key ? null : one));
  if (!on) return without;
  if (chosen.includes(key)) return chosen;
  const free = without.indexOf(null);
  if (free >= 0) return without.with(free, key);
  return without.length < MOST_CHOSEN ? [...without, key] : chosen;
}

/** The colour of a group, from 1; 0 where it is not compared. */
export const slotIn = (chosen: Chosen, key: string): number => chosen.indexOf(key) + 1;
