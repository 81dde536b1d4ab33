/** What a task’s expert refuses to write. */
import { BatonError, badConfig } from '../../errors.ts';
import { listed } from './step-text.ts';
import type { Task, TraceOptions } from './task.ts';

/** @throws BadConfig on the field `dialects` or `chatter`. @param why after the name of what is refused, a whole clause */
export function requirePlain(
  { dialects = {}, chatter = 0 }: TraceOptions,
  why: string,
  remedy: string,
): void {
  const other = Object.entries(dialects).find(([id, weight]) => id !== 'public' && weight > 0);
  if (other) throw badConfig('dialects', `The dialect ${other[0]} ${why}`, remedy);
  if (chatter > 0) throw badConfig('chatter', `Chatter ${why}`, remedy);
}

/** A task's objection to what its expert is asked to write; undefined where it has none. */
export function refusedTraces(task: Task, options: TraceOptions): BatonError | undefined {
  try {
    task.checkTraces?.(options);
    return refusedMisconception(task, options);
  } catch (error) {
    if (error instanceof BatonError && error.kind === 'BadConfig') return error;
    throw error;
  }
}

/** A misconception that the task's expert cannot have, or whose chance is none. */
function refusedMisconception(
  { label, misconceptions = [] }: Task,
  options: TraceOptions,
): BatonError | undefined {
  const known = misconceptions.map(({ id }) => id);
  const remedy = known.length > 0 ? `There is ${listed(known)}.` : 'Leave the setting out.';
  for (const [id, chance] of Object.entries(options.misconceptions ?? {})) {
    if (!known.includes(id)) {
      return badConfig('misconceptions', `${label} has no misconception ${id}`, remedy);
    }
    if (chance > 1) return badConfig('misconceptions', `The chance of ${id} is ${chance}, above 1`);
  }
  return undefined;
}
