/** The queue of this browser, and who runs it. */
import { alone, takeLock } from '../../lab/run-store/run-locks.ts';
import type { Lab } from '../lab.ts';
import type { TextStorage } from '../store/preferences.ts';
import type { StoredRuns } from '../stored/stored-runs.ts';
import { QueueRunner } from './queue-runner.ts';
import { QUEUE_KEY, QueueStore } from './queue-store.ts';

/** The lock of the trainer's worker. */
const TRAINER = 'baton-trainer';

export function openQueue(lab: Lab, stored: StoredRuns, storage: TextStorage | null) {
  const queue = new QueueStore(storage, (work) => alone('queue-change', work));
  window.addEventListener('storage', ({ key }) => {
    if (key === QUEUE_KEY) queue.reload();
  });
  const runner = new QueueRunner({
    ...{ lab, queue, stored },
    right: holdQueue,
    free: () => navigator.locks.request(TRAINER, { mode: 'shared' }, () => undefined),
  });
  void runner.begin();
  return { queue, runner };
}

/** Resolves when this tab has the right to run the queue, which it gives back when it ends. */
async function holdQueue(): Promise<void> {
  const name = 'baton-queue';
  while (!(await takeLock(name))) {
    await navigator.locks.request(name, { mode: 'shared' }, () => undefined);
  }
}
