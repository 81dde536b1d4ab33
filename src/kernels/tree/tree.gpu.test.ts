/** Both trees give equal bits, whatever the size of the subgroups; where they are not what the tree takes them for, that is found. */
import { describe, expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals } from '../checking/data.ts';
import { type Sharing, subgroupsOf, type Tree } from './tree.ts';
import { keepsOrder, treeBits, treeOrderKernel } from './tree-order.ts';

const gpu = await testGpu();
const subgroups = gpu.info.features.includes('subgroups');
const LANES: Sharing = { variant: 'lanes' };
/** The workgroups of the row kernels, and rows that are smaller than a subgroup can be. */
const TREES: readonly Tree[] = [
  { type: 'f32', threads: 64, lanes: 64 },
  { type: 'f32', threads: 64, lanes: 16 },
  { type: 'f32', threads: 64, lanes: 4 },
  { type: 'f32', threads: 64, lanes: 2 },
  { type: 'f32', threads: 32, lanes: 32 },
  { type: 'vec2f', threads: 64, lanes: 16 },
  { type: 'vec2f', threads: 256, lanes: 256 },
];

/** What `lanes` lanes from `at` on come to, each sum rounded to float32: halves onto halves. */
function halved(x: Float32Array, at: number, lanes: number): number {
  const sums = x.slice(at, at + lanes);
  for (let half = lanes / 2; half >= 1; half /= 2)
    for (let i = 0; i < half; i++) sums[i] += sums[i + half];
  return sums[0];
}

it.each(TREES.filter(({ type }) => type === 'f32'))(
  'adds halves onto halves, and gives every lane its row: %j',
  async (tree) => {
    const bits = await treeBits(gpu, LANES, tree);
    const y = new Float32Array(bits.buffer, bits.byteOffset, bits.length);
    const count = y.length / 2;
    const x = normals(7, count);
    for (let i = 0; i < count; i++) {
      const at = i - (i % tree.lanes);
      expect(y[i]).toBe(halved(x, at, tree.lanes));
      expect(y[count + i]).toBe(Math.max(...x.subarray(at, at + tree.lanes)));
    }
  },
);

describe.runIf(subgroups)('the tree through subgroups', () => {
  it.each(TREES)('has the bits of the tree in workgroup memory: %j', async (tree) => {
    expect(await treeBits(gpu, subgroupsOf(gpu), tree)).toEqual(await treeBits(gpu, LANES, tree));
  });

  it.each([4, 8, 16, 32, 64, 128])('is valid text for subgroups of %i', async (size) => {
    for (const tree of TREES) {
      const { source } = treeOrderKernel({ variant: 'subgroups', size }, tree);
      const { messages } = await gpu.device
        .createShaderModule({ code: source })
        .getCompilationInfo();
      expect(messages.filter(({ type }) => type === 'error')).toEqual([]);
    }
  });

  it('may be used where its order was found to be kept, and not where subgroups are narrower than it takes', async () => {
    expect(await keepsOrder(gpu)).toBe(true);
    for (const size of [16, 32, 64]) {
      if (size <= gpu.device.adapterInfo.subgroupMaxSize) continue;
      expect(await keepsOrder(gpu, { variant: 'subgroups', size })).toBe(false);
    }
  });
});

it.skipIf(subgroups)('may not be used without subgroups, and gives every byte back', async () => {
  const before = gpu.bytes;
  expect(await keepsOrder(gpu)).toBe(false);
  expect(gpu.bytes).toBe(before);
});
