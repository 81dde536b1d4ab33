/** What a task without dialects or chatter refuses to write. */
import { badConfig } from '../../errors.ts';
import type { TraceOptions } from './task.ts';

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
