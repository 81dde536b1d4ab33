/** Web Locks on stored runs: held by the worker that writes a run, and given back by the browser when the worker is gone. */
import type { RunLocks } from './run-shelf.ts';

const PREFIX = 'baton-run/';

/** @param locks the browser's */
export function webRunLocks(locks: LockManager = navigator.locks): RunLocks {
  return {
    held: async () => {
      const { held = [] } = await locks.query();
      const names = held.map(({ name = '' }) => name);
      return new Set(
        names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length)),
      );
    },
    take: (id) => takeLock(`${PREFIX}${id}`, locks),
    alone: (name, work) => alone(name, work, locks),
  };
}

/** Does some work while no other tab or worker does work of this name. */
export async function alone<T>(
  name: string,
  work: () => Promise<T>,
  locks: LockManager = navigator.locks,
): Promise<T> {
  return locks.request(`baton-${name}`, work);
}

/** Resolves when nobody holds the right to a stored run any more. */
export async function released(id: string, locks: LockManager = navigator.locks): Promise<void> {
  await locks.request(`${PREFIX}${id}`, { mode: 'shared' }, () => undefined);
}

/**
 * Takes a lock of the browser, where nobody has it.
 * @returns a function that gives it back, or null if another has it; the browser gives it back when this tab or worker ends
 */
export function takeLock(
  name: string,
  locks: LockManager = navigator.locks,
): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    locks
      .request(name, { ifAvailable: true }, (held) => {
        if (!held) {
          resolve(null);
          return undefined;
        }
        return new Promise<void>((release) => resolve(release));
      })
      .catch(reject);
  });
}
