/**
 * The gate that a variant has to pass before the clock may choose it: cases of the kernel's own check, against its float64 reference, with
 * guards and a second run for equal bits. In every case that they have in common, all variants of a family must then give the bits of
 * the first of them that passed, on the adapter at hand: where a driver contracts or reorders one of them otherwise, a choice by the
 * clock would change results.
 */
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { attentionCheck } from './attention/attention.check.ts';
import { decodeAttentionCheck } from './attention/decode-attention.check.ts';
import { together } from './checking/bits.ts';
import type { CheckCase, KernelCheck } from './checking/check.ts';
import { headCheck } from './head/head.check.ts';
import { matmulCheck } from './matmul/matmul.check.ts';
import { matmulFewCheck } from './matmul/matmul-few.check.ts';
import { adamWCheck } from './optimizer/adamw.check.ts';
import { rmsNormCheck } from './rmsnorm/rmsnorm.check.ts';
import { sampleCheck } from './sample/sample.check.ts';
import { recordedWith, type VariantKernel } from './variants.ts';

const attention = 'segments 17+1+9,21,1,14, 4/4 heads of 16';
const norm = '127 rows of 64, added to the residual';
const head = '65 rows of 68, vocabulary 65, temperature 1.3';

/**
 * The case that a variant has to pass, by its label among the cases of the kernel's check: awkward sizes over several workgroups, no epilogue,
 * and small, since the reference is computed in JavaScript that nothing has made fast yet.
 */
const GATES: Readonly<Record<VariantKernel, readonly [KernelCheck, string]>> = {
  'matmul-nt': [matmulCheck, 'nt 131 x 36, sums of 20'],
  'matmul-nn': [matmulCheck, 'nn 127 x 36, sums of 20'],
  'matmul-tn': [matmulCheck, 'tn 68 x 36, sums of 41'],
  'matmul-few': [matmulFewCheck, 'nt 17 x 36, sums of 132'],
  'attention-forward': [attentionCheck, attention],
  'attention-backward-q': [attentionCheck, attention],
  'attention-backward-kv': [attentionCheck, attention],
  'decode-attention': [
    decodeAttentionCheck,
    'prompts of 3+17, lengths 18+4+63+26, 4/2 heads of 16',
  ],
  'rmsnorm-forward': [rmsNormCheck, norm],
  'rmsnorm-backward': [rmsNormCheck, norm],
  'column-sums': [rmsNormCheck, norm],
  'token-logprob': [headCheck, head],
  'token-logprob-backward': [headCheck, head],
  'gradient-norm': [adamWCheck, '4108 parameters, 260 decay, step 10, clipped to 1'],
  sample: [sampleCheck, '65 rows, vocabulary 63, temperature 1, top 0, 1, min 0'],
};

/** A further case for `subgroups`, where lanes that share a row have to be neighbours: heads of 64. */
const SHARED_ROWS: ReadonlyMap<KernelCheck, string> = new Map([
  [attentionCheck, 'segments 63+64, 4/1 heads of 64'],
]);

/** A large case where drivers were seen to fail at 1,024 and not at 64. GPUs only: a software adapter takes seconds for it. */
const LARGE: Readonly<Partial<Record<VariantKernel, string>>> = {
  'matmul-nt': 'nt 1027 x 1028, sums of 1036, sampled',
  'matmul-nn': 'nn 1027 x 1028, sums of 1036, sampled',
  'matmul-tn': 'tn 1028 x 1036, sums of 1027, sampled',
};

const attended = 'segments 17+20, 2/1 heads of 16, f16: qkv, outliers';

/** A case of halves with 1e4 among ordinary numbers, where a sum that is kept as a half overflows. GPUs only, as above. */
const OUTLIERS: Readonly<Partial<Record<VariantKernel, string>>> = {
  'matmul-nt': 'nt 65 x 68, sums of 76, outliers, f16: a b c',
  'matmul-few': 'nt 33 x 20, sums of 76, outliers, f16: a b c',
  'attention-forward': attended,
  'attention-backward-q': attended,
  'attention-backward-kv': attended,
};

function caseOf({ name, cases, large = [] }: KernelCheck, label: string): CheckCase {
  const found = [...cases, ...large].find((one) => one.label === label);
  if (!found) throw new RangeError(`${name} has no case ${label}`);
  return found;
}

/** Kernels with one gate are checked together. */
export function gateName(kernel: VariantKernel): string {
  const [check, label] = GATES[kernel];
  return `${check.name} ${label}`;
}

/** The cases that a variant of a kernel has to pass on a device. */
export function gateCases(
  { software }: Pick<Gpu['info'], 'software'>,
  kernel: VariantKernel,
  variant: string,
): CheckCase[] {
  const [check, label] = GATES[kernel];
  const shared = variant === 'subgroups' ? SHARED_ROWS.get(check) : undefined;
  const labels = [label, shared, ...(software ? [] : [OUTLIERS[kernel], LARGE[kernel]])];
  return labels.flatMap((one) => (one === undefined ? [] : [caseOf(check, one)]));
}

/** Why each variant was refused; null where it passed. In the order in which they were asked for. */
export type Verdicts = ReadonlyMap<string, string | null>;

/**
 * Lets variants of kernels with one gate try to pass it. Kernels of one gate need not have the same variants.
 * @param ordered whether subgroups add here in the order of `lanes`
 * @throws DeviceLost, OutOfMemory
 */
export async function passGate(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  variants: readonly string[],
  ordered: () => Promise<boolean>,
): Promise<Verdicts> {
  const verdicts = new Map<string, string | null>();
  let first: { readonly variant: string; readonly bits: Bits } | null = null;
  for (const variant of variants) {
    if (variant === 'subgroups' && !(await ordered())) {
      verdicts.set(variant, 'adds in another order than lanes');
      continue;
    }
    const { why, bits } = await tryGate(gpu, kernels, variant);
    if (why) verdicts.set(variant, why);
    else {
      first ??= { variant, bits };
      const at = differingCase(first.bits, bits);
      verdicts.set(variant, at === null ? null : `gives other bits than ${first.variant} at ${at}`);
    }
  }
  return verdicts;
}

/** Fingerprints by the label of their case. */
type Bits = ReadonlyMap<string, string>;

/** The first case that both have done with other bits; null where there is none. */
function differingCase(first: Bits, other: Bits): string | null {
  const differs = ([label, bits]: readonly [string, string]) =>
    first.has(label) && first.get(label) !== bits;
  return [...other].find(differs)?.[0] ?? null;
}

/** @returns why a variant is refused, and the fingerprints of its cases */
async function tryGate(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  variant: string,
): Promise<{ readonly why: string | null; readonly bits: Bits }> {
  const all = new Map(kernels.map((kernel) => [kernel, variant]));
  const bits = new Map<string, string>();
  try {
    for (const which of gateCases(gpu.info, kernels[0], variant)) {
      const outputs = await recordedWith(gpu, all, () => which.run(gpu));
      const wrong = outputs.find(({ passed }) => !passed);
      if (wrong) return { why: `wrong at ${which.label}: ${wrong.output} ${wrong.worst}`, bits };
      bits.set(which.label, together(outputs.map((output) => output.bits)));
    }
    return { why: null, bits };
  } catch (error) {
    // What cannot be compiled here is no candidate. A device that was lost throws.
    gpu.assertAlive();
    // That there was no room says nothing about the variant, and a refusal would be kept.
    if (error instanceof BatonError && error.kind === 'OutOfMemory') throw error;
    return { why: String(error instanceof Error ? error.message : error), bits };
  }
}
