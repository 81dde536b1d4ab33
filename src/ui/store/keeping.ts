/** Whether the present group is kept in the browser's storage, and how far. */
import type { ErrorReport } from '../../errors.ts';
import type { LabEvent } from '../../lab/protocol.ts';

export interface Keeping {
  /** The newest checkpoint; null where there is none yet, or the group is not kept. */
  readonly step: number | null;
  /** Why the newest could not be written; null where it was. */
  readonly error: ErrorReport | null;
}

export const NOT_KEPT_YET: Keeping = { step: null, error: null };

/** Steps between checkpoints that a person may choose; null keeps nothing. */
export const KEEP_CHOICES: readonly (number | null)[] = [1, 5, 10, 25, 50, 100, null];

/** As many as between the copies that a lost device is made good from, so that keeping a run takes no copies of its own. */
export const KEEP_EVERY = 10;

export function reduceKeeping(
  keeping: Keeping,
  event: Extract<LabEvent, { type: 'kept' | 'not-kept' }>,
): Keeping {
  return event.type === 'kept'
    ? { step: event.step, error: null }
    : { ...keeping, error: event.error };
}
