/**
 * Kernels that can be computed in more than one way.
 *
 * Families: `scalar` keeps to registers and runs everywhere; `quads` lets four neighbours share what they load (subgroup operations;
 * best on software adapters, where a load is dear); `lanes` shares through workgroup memory (best on GPUs). Variants of scalar and quads
 * give equal bits, as do those of lanes among themselves, so that a choice made by the clock within one family changes no result.
 */
import type { Gpu } from '../gpu/gpu.ts';

/** Variants by kernel, the plain one first. */
export const VARIANTS = {
  'matmul-nt': ['scalar', 'quads', 'quads8', 'lanes', 'lanes32'],
  'matmul-nn': ['scalar', 'quads', 'quads8', 'lanes', 'lanes32'],
  'matmul-tn': ['scalar', 'quads', 'quads8', 'lanes', 'lanes32'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type VariantKernel = keyof typeof VARIANTS;

/** Whether a device can compile a variant. */
export function supportsVariant(features: readonly string[], variant: string): boolean {
  return !variant.startsWith('quads') || features.includes('subgroups');
}

/** The variant to record: what was set for the kernel, or the profile's, or the plain one. */
export function chooseVariant(gpu: Gpu, kernel: VariantKernel): string {
  const known: readonly string[] = VARIANTS[kernel];
  const set = gpu.variant(kernel);
  return known.includes(set) ? set : known[0];
}
