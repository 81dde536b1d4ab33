/** What a device stores as halves: every number's neighbour, and never a finite number for one that no half holds. */
import { describe, expect, it } from 'vitest';
import { f16ToF32, unpackHalves } from './half.ts';
import type { Kernel } from './kernel.ts';
import { Recorder } from './recording.ts';
import { testGpu } from './testing/test-gpu.ts';

const gpu = await testGpu();

function copies(type: 'vec2f' | 'vec4f'): Kernel {
  return {
    name: `copy ${type}`,
    variant: 'test',
    bindings: ['read', 'write'],
    source: `
      @group(0) @binding(0) var<uniform> count: u32;
      @group(0) @binding(1) var<storage, read> given: array<${type}>;
      @group(0) @binding(2) var<storage, read_write> kept: array<${type}>;
      @compute @workgroup_size(64)
      fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < count) { kept[id.x] = given[id.x]; }
      }`,
  };
}

async function stored(type: 'vec2f' | 'vec4f', numbers: Float32Array<ArrayBuffer>) {
  const from = gpu.allocate('floats', numbers.byteLength);
  const to = gpu.allocateNumbers('halves', numbers.length, true);
  gpu.write(from, numbers);
  const recorder = new Recorder(gpu);
  const count = numbers.length / (type === 'vec2f' ? 2 : 4);
  recorder.add({
    ...{ kernel: copies(type), words: { u32: [count] }, bind: [from, to] },
    grid: [Math.ceil(count / 64)],
  });
  const recording = await recorder.build();
  await gpu.replay(recording);
  const halves = unpackHalves(await gpu.readWords(to)).slice(0, numbers.length);
  recording.destroy();
  gpu.free(from);
  gpu.free(to);
  return halves;
}

describe.each(['vec2f', 'vec4f'] as const)('numbers stored as halves, by %s', (type) => {
  it('come back as they are where a half holds them', async () => {
    const numbers = Float32Array.from({ length: 2 * 0x7c00 }, (_, bits) =>
      f16ToF32(bits < 0x7c00 ? bits : 0x8000 | (bits - 0x7c00)),
    );
    const normal = (x: number) => Math.abs(x) >= 2 ** -14;
    const halves = await stored(type, numbers);
    expect(halves.filter((_, i) => normal(numbers[i]))).toEqual(numbers.filter(normal));
    // Drivers may write zero for what is subnormal.
    for (const [i, x] of numbers.entries()) if (!normal(x)) expect([0, x]).toContain(halves[i] + 0);
  });

  it('come back as no finite number where none holds them', async () => {
    const limit = 65_504;
    const beyond = [limit + 0.01, 65_510, 65_519, 65_520, 65_536, 7e4, 1e9, 3e38];
    const held = [limit, -limit, 65_500, 1];
    const numbers = new Float32Array([...held, ...beyond, ...beyond.map((x) => -x)]);
    const halves = await stored(type, numbers);
    expect(halves.slice(0, 4).every(Number.isFinite)).toBe(true);
    expect(halves.slice(4).filter(Number.isFinite)).toEqual(new Float32Array());
  });
});
