/** Advantages of the completions that `lab loss` reads: given in the lines, or computed from their rewards. */
import { badFile } from '../../errors.ts';
import type { OfflineLine } from '../learn/offline.ts';
import { groupAdvantages } from '../objectives/advantage.ts';
import type { ScaleRewards } from '../objectives/settings.ts';
import type { Metrics } from './method.ts';

/** Whether the lines give advantages rather than rewards. @throws BadFile where a line gives neither, or lines differ in what they give */
export function sayAdvantages(lines: readonly OfflineLine[]): boolean {
  const says = lines.map(({ advantage }) => advantage !== undefined);
  if (says.every(Boolean)) return true;
  const wrong = lines.find(
    ({ advantage, reward }) => advantage !== undefined || reward === undefined,
  );
  if (!wrong) return false;
  const name = wrong.advantage !== undefined ? 'reward' : 'reward or advantage';
  throw badFile(
    `${wrong.where}: reward`,
    `${wrong.where}: ${name} is missing; every line must have the same one`,
  );
}

/**
 * One advantage per line, in the order of the lines. The lines of a group may be anywhere, but all groups must have the same size.
 * @throws BadFile
 */
export function givenAdvantages(
  lines: readonly OfflineLine[],
  scale: ScaleRewards,
): { readonly advantages: ArrayLike<number>; readonly metrics: Metrics } {
  if (sayAdvantages(lines))
    return { advantages: lines.map(({ advantage = 0 }) => advantage), metrics: {} };
  const { places, size } = wholeGroups(lines);
  const made = groupAdvantages(
    places.map((i) => lines[i].reward ?? null),
    size,
    scale,
  );
  const advantages = new Float64Array(lines.length);
  places.forEach((i, k) => {
    advantages[i] = made.advantages[k];
  });
  return { advantages, metrics: made.metrics };
}

/**
 * The lines in groups of neighbours, by index. The lines of a group may be anywhere, but all groups must have the same size.
 * @throws BadFile
 */
export function wholeGroups(lines: readonly OfflineLine[]): {
  readonly places: readonly number[];
  readonly size: number;
} {
  const groups = new Map<number, number[]>();
  for (const [i, { group }] of lines.entries()) {
    const members = groups.get(group);
    if (members) members.push(i);
    else groups.set(group, [i]);
  }
  const order = [...groups.values()];
  const size = order[0]?.length ?? 1;
  const odd = order.find((group) => group.length !== size);
  if (odd) {
    const { where, group } = lines[odd[0]];
    throw badFile(
      `${where}: group`,
      `group ${group} has ${odd.length} completions, another has ${size}; all groups of a step have the same number`,
    );
  }
  return { places: order.flat(), size };
}
