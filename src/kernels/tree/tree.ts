/**
 * Sums over the lanes that share a row, for kernels of the family `lanes`. @see tree-lanes.wgsl, tree-subgroups.wgsl: two ways with
 * equal bits, of which `sharingOf` gives the one that was chosen.
 */
import type { Gpu } from '../../gpu/gpu.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { loadTemplate } from '../templates.ts';
import { chooseVariant, familyOf, type VariantKernel } from '../variants.ts';

const lanesTree = loadTemplate('tree/tree-lanes.wgsl');
const subgroupsTree = loadTemplate('tree/tree-subgroups.wgsl');

/** What a row's lanes exchange their sums through. */
export type Sharing =
  | { readonly variant: 'lanes' }
  /** `size`: the least size of the adapter's subgroups, a power of two. */
  | { readonly variant: 'subgroups'; readonly size: number };

/** WebGPU promises this where it promises subgroups at all. */
export const LEAST_SUBGROUP = 4;

/** The least number of lanes that a subgroup of a device can have. */
export function leastSubgroup(gpu: Gpu): number {
  return gpu.device.adapterInfo?.subgroupMinSize ?? LEAST_SUBGROUP;
}

/** Sharing through a device's subgroups, whatever their size. */
export function subgroupsOf(gpu: Gpu): Sharing {
  return { variant: 'subgroups', size: leastSubgroup(gpu) };
}

/** How the lanes of a row share in the variant chosen for a kernel; null where one invocation has a row to itself. */
export function sharingOf(gpu: Gpu, kernel: VariantKernel): Sharing | null {
  const variant = chooseVariant(gpu, kernel);
  if (familyOf(variant) !== 'lanes') return null;
  return variant === 'subgroups' ? subgroupsOf(gpu) : { variant: 'lanes' };
}

export interface Tree {
  /** What is added. */
  readonly type: 'f32' | 'vec2f';
  /** Invocations of a workgroup. */
  readonly threads: number;
  /** Lanes of a row, a power of two. */
  readonly lanes: number;
  /** A WGSL expression for lanes / 2 that is data, where software drivers must not unroll the loop. */
  readonly half?: string;
}

/** WGSL with `tree_sum` and `tree_max`. It has to stand at the beginning of a kernel's text. */
export function treeWgsl(sharing: Sharing, { type, threads, lanes, half }: Tree): string {
  const constants = { TYPE: type, THREADS: threads, LANES: lanes, HALF: half ?? `${lanes / 2}u` };
  if (sharing.variant === 'lanes') return expandWgsl(lanesTree, constants);
  const inside = Math.min(sharing.size, lanes);
  return expandWgsl(subgroupsTree, {
    ...constants,
    SUBGROUP: sharing.size,
    STEPS: Math.log2(inside),
    FIRST: inside / 2,
  });
}
