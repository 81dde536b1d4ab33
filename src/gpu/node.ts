/** WebGPU in Node, through Dawn. Only the command line and the tests import this. */
import { create, globals } from 'webgpu';

/** Makes WebGPU's constants global, as in a browser, and returns the entry point. */
export function nodeGpu(): GPU {
  Object.assign(globalThis, globals);
  return create([]) as GPU;
}
