/** WebGPU in Node, through Dawn. Only the command line and the tests import this. */
import { create, globals } from 'webgpu';

// Dawn's instance dies with this object and takes living devices with it, so it is kept for the life of the process.
let instance: GPU | null = null;

/** Makes WebGPU's constants global, as in a browser, and returns the entry point. */
export function nodeGpu(): GPU {
  Object.assign(globalThis, globals);
  instance ??= create([]) as GPU;
  return instance;
}
