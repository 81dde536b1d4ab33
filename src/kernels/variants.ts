/**
 * Kernels that can be computed in more than one way.
 *
 * Two families. For software adapters, where a load costs as much as sixty multiplications: `scalar` keeps to registers and runs
 * everywhere. In `quads` four neighbours share what they load, in `octets` eight, in `neighbours` a whole subgroup; in `rows` one
 * invocation does several rows.
 * For GPUs: `lanes` shares through workgroup memory, one workgroup to a row or a tile, and its products also come without it
 * (`lanes-direct`); `subgroups` does the same sums with fewer
 * barriers or none, through subgroups of whatever size the adapter has. Variants of one family give equal bits, so that a
 * choice made by the clock within it changes no result; between families bits differ, so that choice is recorded and forced on replay.
 */
import type { DeviceInfo, Profile } from '../gpu/adapter.ts';
import type { Gpu } from '../gpu/gpu.ts';

const PRODUCTS = [
  ...(['scalar', 'quads', 'octets'] as const),
  ...(['lanes', 'lanes32', 'lanes32-k8', 'lanes32-k32', 'lanes-direct', 'subgroups'] as const),
] as const;

/** Variants by kernel, the plain one first. */
export const VARIANTS = {
  'matmul-nt': PRODUCTS,
  'matmul-nn': PRODUCTS,
  'matmul-tn': PRODUCTS,
  // Few rows, as in decoding.
  'matmul-few': ['scalar', 'quads', 'octets', 'lanes', 'lanes32', 'lanes16', 'subgroups'],
  'attention-forward': ['scalar', 'rows', 'neighbours', 'lanes', 'subgroups'],
  'attention-backward-q': ['scalar', 'rows', 'neighbours', 'lanes', 'subgroups'],
  'attention-backward-kv': ['scalar', 'rows', 'neighbours', 'lanes', 'subgroups'],
  'decode-attention': ['scalar', 'lanes', 'subgroups'],
  'rmsnorm-forward': ['scalar', 'lanes', 'subgroups'],
  'rmsnorm-backward': ['scalar', 'lanes', 'subgroups'],
  'column-sums': ['scalar', 'lanes'],
  'token-logprob': ['scalar', 'lanes', 'subgroups'],
  'token-logprob-backward': ['scalar', 'lanes'],
  'gradient-norm': ['scalar', 'lanes', 'subgroups'],
  sample: ['scalar', 'lanes', 'subgroups'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type VariantKernel = keyof typeof VARIANTS;

/** The family of a variant: the profile that it belongs to. */
export function familyOf(variant: string): Profile {
  return variant.startsWith('lanes') || variant === 'subgroups' ? 'lanes' : 'scalar';
}

const THROUGH_SUBGROUPS: readonly string[] = ['quads', 'neighbours', 'subgroups'];

/** The properties of a device that decide which variants it can run. */
export type VariantNeeds = Pick<DeviceInfo, 'features' | 'subgroup'>;

/** Whether a device can compile a variant, and its subgroups are wide enough for it. */
export function supportsVariant({ features, subgroup }: VariantNeeds, variant: string): boolean {
  if (variant === 'octets') return subgroup >= 8;
  return !THROUGH_SUBGROUPS.includes(variant) || features.includes('subgroups');
}

/** The variant to record: what was set for the kernel, or the plain one of its family, or the plain one. */
export function chooseVariant(gpu: Gpu, kernel: VariantKernel): string {
  const known: readonly string[] = VARIANTS[kernel];
  const set = gpu.variant(kernel);
  return [set, familyOf(set)].find((variant) => known.includes(variant)) ?? known[0];
}

/** Runs `record` with these variants by kernel, up to its first wait; after that others may be prepared. */
export function recordedWith<T>(
  gpu: Gpu,
  variants: ReadonlyMap<string, string>,
  record: () => T,
): T {
  const before = [...variants.keys()].map((kernel) => [kernel, gpu.variants.get(kernel)] as const);
  for (const [kernel, variant] of variants) gpu.variants.set(kernel, variant);
  try {
    return record();
  } finally {
    for (const [kernel, choice] of before) {
      if (choice === undefined) gpu.variants.delete(kernel);
      else gpu.variants.set(kernel, choice);
    }
  }
}

/** Whether a kernel has such a variant. */
export function isVariant(kernel: string, variant: string): boolean {
  const known: Readonly<Record<string, readonly string[]>> = VARIANTS;
  return Object.hasOwn(known, kernel) && known[kernel].includes(variant);
}

/**
 * Sets the variants that a manifest names, so that a run continues with the kernels it began with. Kernels that it does not name take
 * the profile's plain way. So the device has to have the manifest's profile (its entry `default`), and must not be tuned afterwards.
 * @returns what this device lacks, in words; empty where it has everything
 */
export function forceVariants(gpu: Gpu, variants: Readonly<Record<string, string>>): string[] {
  const missing: string[] = [];
  for (const [kernel, variant] of Object.entries(variants)) {
    if (kernel === 'default') {
      if (variant !== gpu.info.profile) missing.push(`profile ${variant}`);
    } else if (isVariant(kernel, variant) && supportsVariant(gpu.info, variant)) {
      gpu.variants.set(kernel, variant);
    } else missing.push(`${variant} of ${kernel}`);
  }
  return missing;
}
