import { afterAll, describe, expect, it, vi } from 'vitest';
import { BatonError } from '../errors.ts';
import { floats, type Slice } from './buffers.ts';
import { Gpu } from './gpu.ts';
import type { Kernel } from './kernel.ts';
import { nodeGpu } from './node.ts';
import { type Dispatch, Recorder } from './recording.ts';
import { testGpu } from './testing/test-gpu.ts';

const gpu = await testGpu();

const opened: Gpu[] = [];
afterAll(() => {
  for (const own of opened) own.destroy();
});
/** A device of its own, for tests that break it. */
async function anotherGpu(): Promise<Gpu> {
  const own = await Gpu.open(nodeGpu(), { clock: () => performance.now(), limits: 'default' });
  opened.push(own);
  return own;
}

async function failure(promise: Promise<unknown>): Promise<BatonError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BatonError);
  return error as BatonError;
}

/** x = a x + b for 64 numbers: the order of two of these matters. */
const affine: Kernel = {
  name: 'affine',
  variant: 'test',
  bindings: ['write'],
  source: `
    struct Shape { a: f32, b: f32 }
    @group(0) @binding(0) var<uniform> shape: Shape;
    @group(0) @binding(1) var<storage, read_write> x: array<f32>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) {
      x[id.x] = shape.a * x[id.x] + shape.b;
    }`,
};

function step(x: Slice, a: number, b: number, flop = 0): Dispatch {
  return { kernel: affine, words: { f32: [a, b] }, bind: [x], grid: [1], flop };
}

const counting = Float32Array.from({ length: 64 }, (_, i) => i);

describe('buffers', () => {
  it('come back as they were written, copied, in part and cleared', async () => {
    const a = gpu.allocate('a', 256);
    const b = gpu.allocate('b', 256);
    gpu.write(a, counting);
    gpu.write(a, new Float32Array([-1]), 40);
    const written = counting.slice();
    written[10] = -1;
    expect(await gpu.readFloats(a)).toEqual(written);
    gpu.copy(a, b);
    expect(await gpu.readFloats(b)).toEqual(written);
    expect(await gpu.readFloats(floats(b, 8, 4))).toEqual(written.slice(8, 12));
    gpu.clear(floats(b, 0, 32));
    expect((await gpu.readFloats(b)).slice(0, 33)).toEqual(new Float32Array(33).fill(32, 32));
    for (const slice of [a, b]) gpu.free(slice);
  });

  it('are read in any size, through few buffers that are kept', async () => {
    const own = await anotherGpu();
    const x = own.allocate('x', 4096);
    const numbers = Float32Array.from({ length: 1024 }, (_, i) => i);
    own.write(x, numbers);
    const create = vi.spyOn(own.device, 'createBuffer');
    for (let count = 1024; count > 0; count -= 17) {
      expect(await own.readFloats(floats(x, 0, count))).toEqual(numbers.subarray(0, count));
    }
    expect(create.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('start as zeros, and are counted until they are freed, once', async () => {
    const before = gpu.bytes;
    const a = gpu.allocate('a', 20);
    expect(gpu.bytes - before).toBe(32);
    expect(await gpu.readFloats(a)).toEqual(new Float32Array(8));
    gpu.free(a);
    gpu.free(a);
    expect(gpu.bytes).toBe(before);
  });

  it('beyond the limit are refused by name before anything is allocated', () => {
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.info.limits;
    const before = gpu.bytes;
    const create = vi.spyOn(gpu.device, 'createBuffer');
    const tooMuch = Math.min(maxBufferSize, maxStorageBufferBindingSize) + 16;
    expect(() => gpu.allocate('moments', tooMuch)).toThrow(
      expect.objectContaining({
        kind: 'OutOfMemory',
        message: expect.stringContaining('"moments"'),
      }),
    );
    expect(create).not.toHaveBeenCalled();
    expect(gpu.bytes).toBe(before);
    create.mockRestore();
  });
});

describe('pipelines', () => {
  it('that do not compile give a ShaderError with what the compiler said', async () => {
    const source = affine.source.replace('shape.b;', 'shape.no_such_member;');
    const recorder = new Recorder(gpu);
    const x = gpu.allocate('x', 256);
    recorder.add({ ...step(x, 1, 1), kernel: { ...affine, name: 'broken', source } });
    const error = await failure(recorder.build());
    expect(error.kind).toBe('ShaderError');
    expect(error.message).toContain('broken');
    expect(error.detail).toContain('no_such_member');
    expect(() => gpu.assertAlive()).not.toThrow();
  });

  it('are compiled once for the same text, and progress is told', async () => {
    const seen: string[] = [];
    gpu.onCompile = ({ done, total }) => seen.push(`${total - done} left`);
    const kernel = { ...affine, source: `${affine.source}\n// another text` };
    const [a, b] = await Promise.all([gpu.pipeline(kernel), gpu.pipeline(kernel)]);
    expect(a).toBe(b);
    expect(seen).toEqual(['1 left', '0 left']);
    gpu.onCompile = () => {};
  });
});

describe('a recording', () => {
  it('gives the same numbers whether it is cut into many submits or goes in one', async () => {
    const results: Float32Array[] = [];
    const submits: number[] = [];
    for (const flop of [0, 1e15]) {
      const x = gpu.allocate('x', 256);
      const recorder = new Recorder(gpu);
      for (let i = 0; i < 5; i++) recorder.add(step(x, 1.5, i, flop));
      const recording = await recorder.build();
      gpu.write(x, counting);
      const submit = vi.spyOn(gpu.device.queue, 'submit');
      await gpu.replay(recording);
      submits.push(submit.mock.calls.length);
      submit.mockRestore();
      results.push(await gpu.readFloats(x));
      recording.destroy();
      gpu.free(x);
    }
    expect(submits).toEqual([1, 5]);
    expect(results[1]).toEqual(results[0]);
    const expected = counting.map((start) => [0, 1, 2, 3, 4].reduce((x, i) => 1.5 * x + i, start));
    expect(results[0]).toEqual(expected);
  });

  it('can be replayed on new data, and allocates nothing then', async () => {
    const x = gpu.allocate('x', 256);
    const recorder = new Recorder(gpu);
    recorder.add(step(x, 2, 1));
    recorder.add({ ...step(x, 0, 0), grid: [0] });
    const recording = await recorder.build();
    expect(recording.steps.length).toBe(1);
    const create = vi.spyOn(gpu.device, 'createBuffer');
    gpu.write(x, counting);
    await gpu.replay(recording);
    await gpu.replay(recording);
    expect(create).not.toHaveBeenCalled();
    create.mockRestore();
    expect(await gpu.readFloats(x)).toEqual(counting.map((value) => 2 * (2 * value + 1) + 1));
    recording.destroy();
    gpu.free(x);
  });

  it('is seen by every observer, of which the last stands outermost and may run the steps itself', async () => {
    const x = gpu.allocate('x', 256);
    const recorder = new Recorder(gpu);
    recorder.add(step(x, 1, 1));
    const recording = await recorder.build();
    gpu.write(x, counting);
    const seen: string[] = [];
    const forgetInner = gpu.observe(async (observed, replay) => {
      expect(observed).toBe(recording);
      seen.push('inner begins');
      await replay();
      seen.push('inner ends');
    });
    const forgetOuter = gpu.observe(async (_, replay) => {
      seen.push('outer begins');
      await replay();
      seen.push('outer ends');
    });
    await gpu.replay(recording);
    expect(seen).toEqual(['outer begins', 'inner begins', 'inner ends', 'outer ends']);
    forgetOuter();
    const forgetSilent = gpu.observe(async () => {});
    await gpu.replay(recording);
    forgetSilent();
    forgetInner();
    await gpu.replay(recording);
    expect(seen).toHaveLength(4);
    // Two of the three replays ran the step.
    expect(await gpu.readFloats(x)).toEqual(counting.map((value) => value + 2));
    recording.destroy();
    gpu.free(x);
  });

  it('refuses a dispatch with too few buffers', () => {
    const x = gpu.allocate('x', 256);
    expect(() => new Recorder(gpu).add({ ...step(x, 1, 1), bind: [] })).toThrow(/takes 1 bindings/);
    gpu.free(x);
  });
});

describe('a device that failed', () => {
  it('reports a refused command at the next call, with the text of the error', async () => {
    const own = await anotherGpu();
    const a = own.allocate('a', 64);
    const b = own.allocate('b', 64);
    own.copy(a, b, 128);
    await own.device.queue.onSubmittedWorkDone();
    const error = await failure(own.read(a));
    expect(error.kind).toBe('GpuError');
    expect(error.detail).toMatch(/cop/i);
    expect(() => own.assertAlive()).toThrow(error.message);
  });

  it('says that it is lost, in every call after it was destroyed', async () => {
    const own = await anotherGpu();
    const x = own.allocate('x', 256);
    const recorder = new Recorder(own);
    recorder.add(step(x, 1, 1));
    const recording = await recorder.build();
    own.device.destroy();
    expect((await own.lost).kind).toBe('DeviceLost');
    expect((await failure(own.read(x))).kind).toBe('DeviceLost');
    expect((await failure(own.replay(recording))).kind).toBe('DeviceLost');
    expect((await failure(own.idle())).kind).toBe('DeviceLost');
  });

  it('is refused politely where there is none', async () => {
    const error = await failure(Gpu.open(undefined, { clock: () => 0 }));
    expect(error.kind).toBe('NoWebGpu');
  });
});
