/** A device that runs out of memory at one buffer, for tests of what is left then. */
import { expect, vi } from 'vitest';
import type { Gpu } from '../gpu.ts';
import { outOfMemory } from '../gpu-errors.ts';

/** What came of it. */
interface RanOut {
  readonly seen: {
    /** How many buffers were asked for. */
    buffers: number;
    /** The label of the buffer whose failure no scope caught. */
    uncaught: string;
  };
  /** Error scopes that were pushed and not popped. */
  readonly scopes: readonly unknown[];
}

/**
 * Lets the device run out at its n-th buffer, as WebGPU tells it: to the innermost scope that asks for it, or to nobody. `vi.restoreAllMocks`
 * ends it.
 */
function runOutAt({ device }: Gpu, n: number): RanOut {
  const seen = { buffers: 0, uncaught: '' };
  const scopes: { readonly filter: GPUErrorFilter; ranOut: boolean }[] = [];
  const [create, push, pop] = [
    device.createBuffer.bind(device),
    device.pushErrorScope.bind(device),
    device.popErrorScope.bind(device),
  ];
  /** What WebGPU gives where memory ends: a buffer with which nothing can be done. */
  const broken = (size: number) => {
    push('validation');
    const buffer = create({ label: 'broken', size, usage: 0 });
    void pop();
    return buffer;
  };
  vi.spyOn(device, 'createBuffer').mockImplementation((descriptor) => {
    seen.buffers += 1;
    if (seen.buffers === n) {
      const scope = scopes.findLast(({ filter }) => filter === 'out-of-memory');
      if (scope) scope.ranOut = true;
      else seen.uncaught = String(descriptor.label);
      return broken(descriptor.size);
    }
    return create(descriptor);
  });
  vi.spyOn(device, 'pushErrorScope').mockImplementation((filter) => {
    scopes.push({ filter, ranOut: false });
    return push(filter);
  });
  vi.spyOn(device, 'popErrorScope').mockImplementation(async () => {
    const scope = scopes.pop();
    const real = await pop();
    return scope?.ranOut ? ({ message: 'made up' } as GPUOutOfMemoryError) : real;
  });
  return { seen, scopes };
}

/** What came of work on a device that runs out, and how often it asked for what then ran out. */
export interface Outcome {
  /** What the work threw or gave. */
  readonly outcome: unknown;
  readonly asked: number;
}

/** Does work on a device that runs out at its n-th buffer. Whatever comes of it, no scope stays open, and no failure goes uncaught. */
export async function ranOutAt(
  gpu: Gpu,
  n: number,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  const { seen, scopes } = runOutAt(gpu, n);
  const outcome = await work().catch((error: unknown) => error);
  // What goes on in the background belongs to the work.
  await gpu.idle();
  vi.restoreAllMocks();
  expect({ uncaught: seen.uncaught, scopes }, `buffer ${n}`).toEqual({ uncaught: '', scopes: [] });
  return { outcome, asked: seen.buffers };
}

/** Does work on a device that has no room for its n-th reading. Readback buffers are kept, so that few readings ask for one. */
export async function ranOutAtReading(
  gpu: Gpu,
  n: number,
  work: () => Promise<unknown>,
): Promise<Outcome> {
  let asked = 0;
  const read = gpu.read.bind(gpu);
  vi.spyOn(gpu, 'read').mockImplementation((slice) => {
    asked += 1;
    return asked === n ? Promise.reject(outOfMemory('readback', 0, 0)) : read(slice);
  });
  const outcome = await work().catch((error: unknown) => error);
  vi.restoreAllMocks();
  return { outcome, asked };
}

/** How many buffers, or what else `ranOut` counts, some work asks for on a device that has room. @throws what the work throws */
export async function countOf(
  gpu: Gpu,
  work: () => Promise<unknown>,
  ranOut: typeof ranOutAt = ranOutAt,
): Promise<number> {
  const { outcome, asked } = await ranOut(gpu, Number.POSITIVE_INFINITY, work);
  if (outcome instanceof Error) throw outcome;
  return asked;
}
