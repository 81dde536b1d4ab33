/** The trainer's worker: connects a session to the worker's messages, WebGPU, files and locks. */
import { BUILD } from '../build.ts';
import { badFile, toReport } from '../errors.ts';
import { Gpu } from '../gpu/gpu.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../kernels/tune.ts';
import type { FileReader } from '../model/load.ts';
import { isOwn } from '../receiver/own.ts';
import { ReceiverClient } from '../receiver/receiver-client.ts';
import { spawnReceiverWorker, spawnWebGpuReceiverWorker } from '../receiver/spawn-worker.ts';
import { isOwnPolicy } from '../rl/experiment/own-policy.ts';
import { ownPolicyReader } from './own-policies.ts';
import { OwnReceivers } from './own-receivers.ts';
import type { BringReceiver, LabCommand, LabEvent } from './protocol.ts';
import type { OnnxBackend } from './receivers.ts';
import { openOpfsShelf } from './run-store/opfs-shelf.ts';
import { takeLock, webRunLocks } from './run-store/run-locks.ts';
import { Session } from './session.ts';
import { liveUntilTheEnd } from './sign-of-life.ts';
import { variantCache } from './variant-cache.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The page's folder; built workers are in its `assets`. */
const PAGE = new URL(import.meta.env.PROD ? '../' : '/', self.location.href);
const LOCK = 'baton-trainer';

/** Reads a bundled policy's files from the page's own origin, and a person's own from the browser's storage. */
function reader(policy: string, onBytes: (done: number, total: number) => void): FileReader {
  if (isOwnPolicy(policy)) return ownPolicyReader(() => openOpfsShelf('policies'), policy);
  return async (file) => {
    const response = await fetch(new URL(`models/${policy}/${file}`, PAGE));
    if (response.status === 404) return null;
    if (!response.ok || !response.body) {
      throw badFile(file, `${policy}/${file} could not be fetched (${response.status})`);
    }
    const total = Number(response.headers.get('content-length')) || 0;
    const chunks: Uint8Array[] = [];
    let done = 0;
    const stream = response.body.getReader();
    for (let part = await stream.read(); !part.done; part = await stream.read()) {
      chunks.push(part.value);
      done += part.value.length;
      onBytes(done, Math.max(done, total));
    }
    const bytes = new Uint8Array(done);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    return bytes;
  };
}

const clock = () => performance.now();

const SPAWN = { onnx: spawnReceiverWorker, 'onnx-webgpu': spawnWebGpuReceiverWorker } as const;

/** Clients of the ONNX runtimes that run receivers while the GPU trains. A runtime's worker starts when it is first needed. */
const clients = () => {
  const client = (backend: OnnxBackend) =>
    new ReceiverClient({
      spawn: SPAWN[backend],
      backend,
      read: (id) => reader(id, () => undefined),
    });
  return { onnx: client('onnx'), 'onnx-webgpu': client('onnx-webgpu') };
};
const bundled = clients();
/** The user's own decoders run in separate workers, so that one that fails does not stop the bundled receivers. */
const brought = clients();
const own = new OwnReceivers((source, backend) => brought[backend].open(source));

const post = (event: LabEvent, transfer: ArrayBuffer[] = []) => self.postMessage(event, transfer);

const session = new Session({
  post,
  openGpu: () => Gpu.open(navigator.gpu, { clock }),
  tune: (gpu) => tuneVariants(gpu, TYPICAL_SHAPES, clock, variantCache(PAGE)),
  reader,
  openReceiver: (id, backend) =>
    isOwn(id) ? own.open(id, backend) : bundled[backend].open({ kind: 'bundled', id }),
  lock: () => takeLock(LOCK),
  store: {
    open: () => openOpfsShelf(),
    locks: webRunLocks(),
    now: () => new Date().toISOString(),
  },
  clock,
  version: BUILD,
});

async function bring({ id, model, beside }: BringReceiver): Promise<void> {
  try {
    await own.bring(id, { model, beside });
    post({ type: 'brought', id, error: null });
  } catch (error) {
    post({ type: 'brought', id, error: toReport(error) });
  }
}

void liveUntilTheEnd().then((name) => post({ type: 'alive', lock: name }));
// The device opens while the page is still loading its own code.
session.begin();
self.onmessage = ({ data }: MessageEvent<LabCommand>) => {
  if (data.type === 'bring') void bring(data);
  else session.handle(data);
};
