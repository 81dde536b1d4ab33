/** Starts a receivers' worker, from a page or from another worker. */
import type { ReceiverWorkerLike } from './receiver-client.ts';

/** On the processor. */
export function spawnReceiverWorker(): ReceiverWorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-receivers',
  });
}

/** On a device of its own through WebGPU; the runtime that it loads is larger. */
export function spawnWebGpuReceiverWorker(): ReceiverWorkerLike {
  return new Worker(new URL('./webgpu-worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-receivers-webgpu',
  });
}
