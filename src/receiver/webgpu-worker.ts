/** The receivers' worker on WebGPU: connects a host to the worker's messages and to onnxruntime-web on the worker's own device. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import * as ort from 'onnxruntime-web/webgpu';
import { BatonError } from '../errors.ts';
import { ReceiverHost } from './host.ts';
import type { ReceiverCommand } from './protocol.ts';
import { createRuntime, type OnnxRuntime } from './runtime.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Limits that the runtime's kernels use if the adapter offers more than WebGPU guarantees. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxStorageBuffersPerShaderStage',
] as const;

/** @throws NoWebGpu if a worker gets no device here */
async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter();
  if (!adapter) {
    throw new BatonError({
      kind: 'NoWebGpu',
      message: 'The receivers’ worker gets no GPU',
      remedy: 'Nothing was scored. Let receivers run on the CPU, or on our kernels.',
      field: 'backend',
    });
  }
  return adapter.requestDevice({
    label: 'receivers',
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]])),
    requiredFeatures: (['shader-f16', 'subgroups'] as const).filter((name) =>
      adapter.features.has(name),
    ),
  });
}

async function openRuntime(): Promise<OnnxRuntime> {
  return createRuntime(ort, {
    wasmPaths: { wasm: new URL(wasm, self.location.href).href },
    provider: { name: 'webgpu', device: await openDevice() },
  });
}

const host = new ReceiverHost({
  runtime: openRuntime,
  post: (event) => self.postMessage(event),
});

self.onmessage = (event: MessageEvent<ReceiverCommand>) => void host.handle(event.data);
