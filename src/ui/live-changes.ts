/** Settings that were moved while a run went, in words: which, to what, and from which step on. */
import { TERMS } from '../rl/experiment/catalog.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { formatValue } from './format.ts';
import { settingAt, valueText } from './settings.ts';
import type { Change } from './store/changes.ts';
import { KERNELS_PATH } from './store/kernels-in-lab.ts';

/** Moves of one setting that are written out; a slider that is dragged makes hundreds. */
const MOST_MOVES = 3;

/** The name of a setting that was moved. Several terms have a weight: it says whose. */
export function movedLabel(experiment: Experiment, path: string): string {
  if (path === KERNELS_PATH) return 'Kernels';
  const setting = settingAt(experiment, path)?.setting;
  if (!setting) return path;
  const place = /^rewards\.(\d+)\./.exec(path)?.[1];
  const term = place === undefined ? undefined : experiment.rewards[Number(place)]?.term;
  return term ? `${TERMS[term].label}, ${setting.label.toLowerCase()}` : setting.label;
}

export function movedValue(
  experiment: Experiment,
  { path, value }: Pick<Change, 'path' | 'value'>,
): string {
  const setting = settingAt(experiment, path)?.setting;
  return setting ? valueText(setting, value) : formatValue(value);
}

/** `from step 20: 1.0e−4`, one setting's moves in their order; the last ones where they are many. */
export function movesText(experiment: Experiment, moves: readonly Change[]): string {
  const shown = moves.slice(-MOST_MOVES).map((move) => {
    return `from step ${move.step}: ${movedValue(experiment, move)}`;
  });
  const more = moves.length - shown.length;
  return `${more > 0 ? `${more} earlier, ` : ''}${shown.join(', ')}`;
}

/** The moves of each setting, in the order in which the settings were first moved. */
export function movesBySetting(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const moved = new Map<string, Change[]>();
  for (const change of changes) moved.set(change.path, [...(moved.get(change.path) ?? []), change]);
  return moved;
}
