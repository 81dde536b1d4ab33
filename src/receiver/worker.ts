/** The receivers' worker: connects a host to the worker's messages and to onnxruntime-web on the CPU. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { ReceiverHost } from './host.ts';
import type { ReceiverCommand } from './protocol.ts';
import { createRuntime } from './runtime.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Threads share memory, which needs a cross-origin isolated page. Half of the cores are left to the page and the trainer. */
const threads = self.crossOriginIsolated
  ? Math.max(1, Math.min(4, navigator.hardwareConcurrency >> 1))
  : 1;

const host = new ReceiverHost({
  runtime: async () =>
    createRuntime(ort, { wasmPaths: { wasm: new URL(wasm, self.location.href).href }, threads }),
  post: (event) => self.postMessage(event),
});

self.onmessage = (event: MessageEvent<ReceiverCommand>) => void host.handle(event.data);
