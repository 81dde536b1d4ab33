/** A stored run in words. */
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import type { Seal } from '../../lab/run-store/seal.ts';
import { TASKS } from '../../rl/experiment/catalog.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import type { LabData } from '../store/lab-data.ts';

/** Steps done, and steps that there will be; of several runs the furthest. */
export function stepsOf({ runs }: Seal): { readonly done: number; readonly of: number } {
  const planned = runs.map(({ experiment }) => {
    const { steps } = experiment as { readonly steps?: unknown };
    return typeof steps === 'number' ? steps : 0;
  });
  return { done: Math.max(...runs.map(({ step }) => step)), of: Math.max(...planned) };
}

/** Task and method of its first run; empty where this build cannot read them. */
export function taskAndMethod({ runs }: Seal): string {
  const parsed = parseExperiment(runs[0].experiment);
  if (!parsed.ok) return '';
  const { task, method, seed } = parsed.experiment;
  return `${TASKS[task.id].label}, ${methodOf(method).label}, seed ${seed}`;
}

export function stateOf({ seal, held }: Pick<Listed, 'seal' | 'held'>): string {
  if (held) return 'open';
  if (!seal) return 'cannot be read';
  return { open: 'unfinished', finished: 'finished', stopped: 'stopped' }[seal.state];
}

/** Whether its next numbers may differ from those of a run that went through: it is of another build or adapter. */
export function fromElsewhere(
  { runs }: Seal,
  { version, adapter }: Pick<LabData, 'version' | 'adapter'>,
): boolean {
  const { build, adapter: name } = runs[0].manifest;
  return adapter !== null && (build !== version || name !== adapter.name);
}

/** A moment as this reader writes it, to the minute. @param iso ISO 8601 */
export function momentText(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
