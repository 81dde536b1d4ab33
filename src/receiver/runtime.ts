/** The ONNX runtime that receivers share: one copy of onnxruntime-web, of which one session computes at a time. */
import type { Env, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-web';

/** What is used of the package, whichever of its builds it comes from. */
export interface Ort {
  readonly env: Env;
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

export interface OnnxRuntime {
  readonly ort: Ort;
  /** What computes sessions of this runtime: the CPU, or a device that stays ours. */
  readonly provider: OnnxProvider;
  /** Does work while no other work of this runtime is under way. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * The CPU, or WebGPU on a device that the caller made and keeps: the runtime would end one of its own with its last session. It
 * needs the package's `webgpu` build. On a software adapter it wrote the same tokens, many times slower than the CPU.
 */
export type OnnxProvider = 'wasm' | { readonly name: 'webgpu'; readonly device: GPUDevice };

export interface RuntimeOptions {
  /** Where the runtime's files are, where they do not stand beside its module. */
  readonly wasmPaths?: Env.WebAssemblyFlags['wasmPaths'];
  /** More than one only where the page is isolated, because threads share memory; in Node as many as wished. */
  readonly threads?: number;
  readonly provider?: OnnxProvider;
}

/** @param ort the module `onnxruntime-web`, or one of its builds, not used by anybody else */
export function createRuntime(
  ort: Ort,
  { wasmPaths, threads = 1, provider = 'wasm' }: RuntimeOptions = {},
): OnnxRuntime {
  const { wasm } = ort.env;
  wasm.numThreads = threads;
  wasm.proxy = false;
  if (wasmPaths !== undefined) wasm.wasmPaths = wasmPaths;
  ort.env.logLevel = 'error';
  // All sessions live on one stack of one wasm memory, and a run waits in its middle: two at once would write over each other.
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
