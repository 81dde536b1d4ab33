/** What the page does so that runs outlive it. */

import { openOpfsShelf } from '../../lab/run-store/opfs-shelf.ts';
import { released, webRunLocks } from '../../lab/run-store/run-locks.ts';
import { type KnownSeals, RunShelf } from '../../lab/run-store/run-shelf.ts';
import type { Lab } from '../lab.ts';
import { StoredRuns } from './stored-runs.ts';

/** The stored runs of this browser. */
export function storedRuns(): StoredRuns {
  const known: KnownSeals = new Map();
  return new StoredRuns({
    open: async () => new RunShelf(await openOpfsShelf(), webRunLocks(), { known }),
    released: (id) => released(id),
  });
}

/** Watches the lab for as long as the page lives: a tab that is hidden may never be seen again. */
export function keepRuns(lab: Lab): void {
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') lab.keepNow();
  });
  document.addEventListener('freeze', () => lab.keepNow());
  const stop = lab.store.subscribe(({ keeping }) => {
    if (keeping.step === null) return;
    stop();
    // From now on there is something that the browser should not delete by itself. It may refuse.
    void navigator.storage?.persist?.().catch(() => false);
  });
}
