/** Starts the receivers' worker, from a page or from another worker. */
import type { ReceiverWorkerLike } from './receiver-client.ts';

export function spawnReceiverWorker(): ReceiverWorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-receivers',
  });
}
