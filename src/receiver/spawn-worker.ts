/** Starts a receivers' worker, from a page or from another worker. */
import type { ReceiverWorkerLike } from './receiver-client.ts';

/** On the CPU. */
export function spawnReceiverWorker(): ReceiverWorkerLike {
  return new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-receivers',
  });
}

/** On WebGPU, with a device of its own; it loads a larger runtime. */
export function spawnWebGpuReceiverWorker(): ReceiverWorkerLike {
  return new Worker(new URL('./webgpu-worker.ts', import.meta.url), {
    type: 'module',
    name: 'baton-receivers-webgpu',
  });
}
