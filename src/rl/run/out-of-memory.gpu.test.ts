/** A device that runs out of memory at any allocation of a run's start, of the tuner's work or of a readback: said by name, nothing held, and a smaller run starts on it. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { RecordingCache } from '../../gpu/recording-cache.ts';
import { TYPICAL_SHAPES } from '../../kernels/tune.ts';
import { VARIANTS, type VariantKernel } from '../../kernels/variants.ts';
import { prepareWork } from '../../kernels/workloads.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from './runner.ts';

const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

const clock = () => performance.now();
const gpu = await Gpu.open(nodeGpu(), { clock });
afterAll(() => gpu.destroy());

function open(method: Record<string, unknown>): Promise<Runner> {
  const parsed = parseExperiment({
    steps: 1,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      ...{ num_generations: 2, prompts_per_step: 1, max_completion_length: 8 },
      ...method,
    },
    rewards: [{ term: 'answer' }],
    evaluation: { every: 0 },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return Runner.create(gpu, parsed.experiment, model, { clock });
}

/**
 * Lets the device run out at its n-th buffer, as WebGPU tells it: to the innermost scope that asks for it, or to nobody.
 * @returns what came of it: how many buffers were asked for, and which failure no scope caught
 */
function runOutAt(n: number) {
  const seen = { buffers: 0, uncaught: '' };
  const scopes: { readonly filter: GPUErrorFilter; ranOut: boolean }[] = [];
  const { device } = gpu;
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

const METHODS = {
  'GRPO with a reference': { beta: 0.1 },
  PPO: {
    ...{ name: 'ppo', num_generations: undefined, prompts_per_step: 2 },
    ...{ num_mini_batches: 1 },
  },
};

// A hundred starts each, on a machine that may be busy.
describe.each(Object.entries(METHODS))('%s', { timeout: 600_000 }, (_, method) => {
  it('fails by name at whichever buffer memory ends, and holds nothing then', async () => {
    const before = gpu.bytes;
    const counted = runOutAt(Number.POSITIVE_INFINITY);
    (await open(method)).destroy();
    vi.restoreAllMocks();
    const total = counted.seen.buffers;
    expect(total).toBeGreaterThan(20);
    expect(gpu.bytes).toBe(before);
    for (let n = 1; n <= total; n++) {
      const { seen, scopes } = runOutAt(n);
      const failed = await open(method).catch((error: unknown) => error);
      vi.restoreAllMocks();
      expect(failed, `buffer ${n}`).toMatchObject({ kind: 'OutOfMemory' });
      expect({ ...seen, scopes, bytes: gpu.bytes }, `buffer ${n}`).toMatchObject({
        ...{ uncaught: '', scopes: [], bytes: before },
      });
    }
    (await open(method)).destroy();
  });
});

describe('a recording', () => {
  it('that finds no room fails by name, gives back what it had, and is made when there is room', async () => {
    const cache = new RecordingCache(gpu);
    const record = (recorder: Recorder) => {
      for (const bytes of [256, 1024]) recorder.scratch(bytes);
    };
    const before = gpu.bytes;
    const counted = runOutAt(Number.POSITIVE_INFINITY);
    await cache.get('whole', record);
    vi.restoreAllMocks();
    const held = gpu.bytes;
    expect(held).toBeGreaterThan(before);
    for (let n = 1; n <= counted.seen.buffers; n++) {
      const { seen, scopes } = runOutAt(n);
      await expect(cache.get('again', record)).rejects.toMatchObject({ kind: 'OutOfMemory' });
      vi.restoreAllMocks();
      expect({ ...seen, scopes, bytes: gpu.bytes }).toMatchObject({
        ...{ uncaught: '', scopes: [], bytes: held },
      });
    }
    await cache.get('again', record);
    cache.destroy();
  });
});

describe('a readback', () => {
  it('that finds no room fails by name, and the device goes on', async () => {
    // No other read has this size, so that no buffer of an earlier one is there.
    const words = Uint32Array.from({ length: 300_001 }, (_, i) => i);
    const slice = gpu.allocate('read', words.byteLength);
    gpu.write(slice, words);
    const { seen, scopes } = runOutAt(1);
    const failed = await gpu.readWords(slice).catch((error: unknown) => error);
    vi.restoreAllMocks();
    expect(failed).toMatchObject({ kind: 'OutOfMemory' });
    expect({ ...seen, scopes }).toEqual({ buffers: 1, uncaught: '', scopes: [] });
    await gpu.idle();
    expect(gpu.failure).toBeNull();
    const reading = gpu.readWords(slice);
    // What is read is what was there when it was asked for.
    gpu.write(slice, new Uint32Array([7]));
    expect((await reading).subarray(0, words.length).every((word, i) => word === i)).toBe(true);
    expect((await gpu.readWords(slice))[0]).toBe(7);
    gpu.free(slice);
  });
});

describe('typical work for the tuner', () => {
  it.each(Object.keys(VARIANTS) as VariantKernel[])(
    'of %s that finds no room fails by name, and gives back what it had',
    async (kernel) => {
      const before = gpu.bytes;
      const counted = runOutAt(Number.POSITIVE_INFINITY);
      (await prepareWork(gpu, kernel, TYPICAL_SHAPES)).destroy();
      vi.restoreAllMocks();
      const total = counted.seen.buffers;
      expect(total).toBeGreaterThan(3);
      for (let n = 1; n <= total; n++) {
        const { seen, scopes } = runOutAt(n);
        const failed = await prepareWork(gpu, kernel, TYPICAL_SHAPES).catch((e: unknown) => e);
        vi.restoreAllMocks();
        expect(failed, `buffer ${n}`).toMatchObject({ kind: 'OutOfMemory' });
        expect({ ...seen, scopes, bytes: gpu.bytes }, `buffer ${n}`).toMatchObject({
          ...{ uncaught: '', scopes: [], bytes: before },
        });
      }
      await gpu.idle();
    },
  );
});
