/**
 * How a page learns that a worker has ended without a word: the browser may take its memory, and no event says so. The worker holds a
 * lock of its own as long as it lives. Whoever asks for the same lock gets it when the worker is gone, however that came about.
 */

/** Takes a lock of a fresh name and never gives it back. @returns its name, once it is held */
export function liveUntilTheEnd(locks: LockManager = navigator.locks): Promise<string> {
  const name = `baton-alive/${crypto.randomUUID()}`;
  return new Promise((resolve, reject) => {
    locks
      .request(name, () => {
        resolve(name);
        return new Promise<never>(() => {});
      })
      .catch(reject);
  });
}

/** Resolves when the holder of the lock is gone. */
export async function endOf(name: string, locks: LockManager = navigator.locks): Promise<void> {
  await locks.request(name, () => undefined);
}
