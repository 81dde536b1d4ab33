/** The ONNX runtime that receivers share: one copy of onnxruntime-web, of which one session computes at a time. */
import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-web';

/** The part of the package that is used, from any of its builds. */
export interface Ort {
  readonly env: Env;
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

export interface OnnxRuntime {
  readonly ort: Ort;
  /** Where sessions of this runtime compute: on the CPU, or on a device that the caller owns. */
  readonly provider: OnnxProvider;
  /** Does work while no other work of this runtime is in progress. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * The CPU, or WebGPU on a device that the caller made and keeps: the runtime would destroy its own device with its last session. WebGPU
 * needs the package's `webgpu` build. On a software adapter it wrote the same tokens, but was many times slower than the CPU.
 */
export type OnnxProvider = 'wasm' | { readonly name: 'webgpu'; readonly device: GPUDevice };

export interface RuntimeOptions {
  /** Where the runtime's files are, if not beside its module. */
  readonly wasmPaths?: Env.WebAssemblyFlags['wasmPaths'];
  /** In a browser, more than one only if the page is cross-origin isolated, because threads share memory; any number in Node. */
  readonly threads?: number;
  readonly provider?: OnnxProvider;
}

/** @param ort the module `onnxruntime-web`, or one of its builds; nothing else may use it */
export function createRuntime(
  ort: Ort,
  { wasmPaths, threads = 1, provider = 'wasm' }: RuntimeOptions = {},
): OnnxRuntime {
  const { wasm } = ort.env;
  wasm.numThreads = threads;
  wasm.proxy = false;
  if (wasmPaths !== undefined) wasm.wasmPaths = wasmPaths;
  ort.env.logLevel = 'error';
  // All sessions share one stack in one wasm memory, and a run suspends in the middle: two at once would overwrite each other.
  let last: Promise<unknown> = Promise.resolve();
  return {
    ort,
    provider,
    turn(work) {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
