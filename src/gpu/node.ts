/** WebGPU in Node, through Dawn. Only the command line and the tests import this. */
import { create, globals } from 'webgpu';

/** How long Node rests before it asks Dawn again, in milliseconds. */
const REST = 0.25;

// Dawn's instance dies with this object and takes living devices with it, so it is kept for the life of the process.
let instance: GPU | null = null;

/** Makes WebGPU's constants global, as in a browser, and returns the entry point. */
export function nodeGpu(): GPU {
  if (instance) return instance;
  Object.assign(globalThis, globals);
  restBetweenPolls();
  instance = create([]) as GPU;
  return instance;
}

/**
 * While something is under way, Dawn asks for news with `setImmediate`, over and over. That keeps a whole core busy, and a
 * software driver needs that core to do the work. So each question of Dawn's (the only native function here that is
 * scheduled so) waits a moment first. Two runs side by side on two cores took 29 s without this and 16 s with it.
 */
function restBetweenPolls(): void {
  const immediate = globalThis.setImmediate;
  const never = new Int32Array(new SharedArrayBuffer(4));
  const rested = (callback: (...args: unknown[]) => void, ...args: unknown[]) =>
    immediate(
      isNative(callback)
        ? () => {
            Atomics.wait(never, 0, 0, REST);
            callback();
          }
        : callback,
      ...args,
    );
  globalThis.setImmediate = Object.assign(rested, immediate) as typeof setImmediate;
}

function isNative(callback: unknown): boolean {
  return String(callback).endsWith('{ [native code] }');
}
