/**
 * Whether `subgroups` adds on a device in the order of `lanes`. That depends on how the driver numbers the lanes of a subgroup, which WGSL
 * leaves open, and on the least size that the adapter gives. A sum in another order would pass a comparison with float64; its bits tell.
 */
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import { normals } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { type Sharing, subgroupsOf, type Tree, treeWgsl } from './tree.ts';

/** Trees in the smallest and in the largest workgroup that a kernel has. */
const TREES: readonly Tree[] = [
  { type: 'f32', threads: 32, lanes: 32 },
  { type: 'vec2f', threads: 256, lanes: 256 },
];
const GROUPS = 8;

/** Writes to y what every lane gets from a tree: first all sums, then all maxima. */
export function treeOrderKernel(sharing: Sharing, tree: Tree): Kernel {
  const { type, threads } = tree;
  const source = `${treeWgsl(sharing, tree)}
    @group(0) @binding(0) var<uniform> count: u32;
    @group(0) @binding(1) var<storage, read> x: array<${type}>;
    @group(0) @binding(2) var<storage, read_write> y: array<${type}>;
    @compute @workgroup_size(${threads})
    fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) me: u32) {
      let own = x[id.x];
      let sum = tree_sum(me, own);
      let most = tree_max(me, own);
      y[id.x] = sum;
      y[count + id.x] = most;
    }`;
  return { name: 'tree-order', variant: sharing.variant, source, bindings: ['read', 'write'] };
}

/**
 * The bits of every lane's sum and maximum over made-up numbers.
 * @throws ShaderError where the device cannot compile it; RangeError where two runs differ or a buffer's end was passed
 */
export async function treeBits(gpu: Gpu, sharing: Sharing, tree: Tree): Promise<Uint32Array> {
  const count = GROUPS * tree.threads;
  const numbers = count * (tree.type === 'vec2f' ? 2 : 1);
  const { words, problems } = await runKernel(
    gpu,
    { x: input(normals(7, numbers)), y: output(2 * numbers) },
    (recorder, { x, y }) =>
      recorder.add({
        ...{ kernel: treeOrderKernel(sharing, tree), words: { u32: [count] } },
        ...{ bind: [x, y], grid: [GROUPS] },
      }),
  );
  if (problems.length > 0) throw new RangeError(problems.join('; '));
  return words.y;
}

/**
 * Whether a device's subgroups add in the order of `lanes`. False also where the text does not compile.
 * @throws DeviceLost
 */
export async function keepsOrder(gpu: Gpu, sharing = subgroupsOf(gpu)): Promise<boolean> {
  try {
    for (const tree of TREES) {
      const wanted = await treeBits(gpu, { variant: 'lanes' }, tree);
      const found = await treeBits(gpu, sharing, tree);
      if (found.some((word, i) => word !== wanted[i])) return false;
    }
    return true;
  } catch {
    gpu.assertAlive();
    return false;
  }
}
