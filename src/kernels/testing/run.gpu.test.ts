/** The harness itself: what misbehaves is found. */
import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { both, input, output, runKernel } from '../checking/run.ts';

const gpu = await testGpu();

/** Runs one statement per invocation over x (an input of 64 ones), y (an output of 64) and z (64 zeros that may change). */
async function problemsOf(statement: string): Promise<readonly string[]> {
  const source = `
    @group(0) @binding(0) var<uniform> count: u32;
    @group(0) @binding(1) var<storage, read_write> x: array<f32>;
    @group(0) @binding(2) var<storage, read_write> y: array<f32>;
    @group(0) @binding(3) var<storage, read_write> z: array<atomic<u32>>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) { let i = id.x; ${statement} }`;
  const { problems } = await runKernel(
    gpu,
    {
      x: input(new Float32Array(64).fill(1)),
      y: output(64),
      z: both(new Uint32Array(64)),
    },
    (recorder, { x, y, z }) =>
      recorder.add({
        kernel: { name: 'probe', variant: 'test', source, bindings: ['write', 'write', 'write'] },
        words: { u32: [64] },
        bind: [x, y, z],
        grid: [1],
      }),
  );
  return problems;
}

it.each([
  ['nothing, for a kernel that behaves', 'y[i] = x[i] + f32(count) + f32(atomicLoad(&z[i]));', []],
  [
    'writing past the end',
    'y[i + 1u] = x[i] + f32(count + atomicLoad(&z[0]));',
    [/^y: written past its end, word 64/],
  ],
  [
    'writing an input',
    'x[i] = f32(count + atomicLoad(&z[i])); y[i] = 0;',
    [/^x: an input changed, word 0/],
  ],
])('finds %s', async (_name, statement, expected) => {
  const problems = await problemsOf(statement);
  expect(problems.length).toBe(expected.length);
  for (const [i, pattern] of expected.entries()) expect(problems[i]).toMatch(pattern);
});

it('leaves NaN where a kernel writes nothing or reads past the end', async () => {
  const source = `
    @group(0) @binding(0) var<uniform> count: u32;
    @group(0) @binding(1) var<storage, read> x: array<f32>;
    @group(0) @binding(2) var<storage, read_write> y: array<f32>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x < count) { y[id.x] = x[id.x + 1u]; }
    }`;
  const { floats } = await runKernel(
    gpu,
    { x: input(new Float32Array(3).fill(1)), y: output(4) },
    (recorder, { x, y }) =>
      recorder.add({
        kernel: { name: 'short', variant: 'test', source, bindings: ['read', 'write'] },
        words: { u32: [3] },
        bind: [x, y],
        grid: [1],
      }),
  );
  expect([...floats.y]).toEqual([1, 1, Number.NaN, Number.NaN]);
});

it('gives back every byte it took where a kernel does not compile', async () => {
  const before = gpu.bytes;
  await expect(problemsOf('y[i] = magic(x[i], count, z[i]);')).rejects.toThrow();
  expect(gpu.bytes).toBe(before);
});
