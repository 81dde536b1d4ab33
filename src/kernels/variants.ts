/**
 * Kernels that can be computed in more than one way.
 *
 * Two families. For software adapters, where a load costs as much as sixty multiplications: `scalar` keeps to registers and runs
 * everywhere, `quads` lets four neighbours share what they load (subgroup operations), `rows` lets one invocation do several rows.
 * For GPUs: `lanes` shares through workgroup memory, one workgroup to a row or a tile. Variants of one family give equal bits, so that a
 * choice made by the clock within it changes no result; between families bits differ, so that choice is recorded and forced on replay.
 */
import type { Profile } from '../gpu/adapter.ts';
import type { Gpu } from '../gpu/gpu.ts';

/** Variants by kernel, the plain one first. */
export const VARIANTS = {
  'matmul-nt': ['scalar', 'quads', 'lanes', 'lanes32'],
  'matmul-nn': ['scalar', 'quads', 'lanes', 'lanes32'],
  'matmul-tn': ['scalar', 'quads', 'lanes', 'lanes32'],
  'attention-forward': ['scalar', 'rows', 'lanes'],
  'attention-backward-q': ['scalar', 'rows', 'lanes'],
  'attention-backward-kv': ['scalar', 'rows', 'lanes'],
  'decode-attention': ['scalar', 'lanes'],
  'rmsnorm-forward': ['scalar', 'lanes'],
  'rmsnorm-backward': ['scalar', 'lanes'],
  'column-sums': ['scalar', 'lanes'],
  'token-logprob': ['scalar', 'lanes'],
  'gradient-norm': ['scalar', 'lanes'],
  sample: ['scalar', 'lanes'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type VariantKernel = keyof typeof VARIANTS;

/** The family of a variant: the profile that it belongs to. */
export function familyOf(variant: string): Profile {
  return variant.startsWith('lanes') ? 'lanes' : 'scalar';
}

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
