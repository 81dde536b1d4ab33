/** Every kernel with the check against its float64 reference, for the tests, the command line and the page. */
import type { Gpu } from '../gpu/gpu.ts';
import { attentionCheck } from './attention/attention.check.ts';
import { decodeAttentionCheck } from './attention/decode-attention.check.ts';
import { together } from './checking/bits.ts';
import { type KernelCheck, type OutputCheck, runCase } from './checking/check.ts';
import { embeddingCheck } from './embedding/embedding.check.ts';
import { headCheck } from './head/head.check.ts';
import { matmulCheck } from './matmul/matmul.check.ts';
import { matmulFewCheck } from './matmul/matmul-few.check.ts';
import { adamWCheck } from './optimizer/adamw.check.ts';
import { addPlanesCheck } from './reduce/add-planes.check.ts';
import { rmsNormCheck } from './rmsnorm/rmsnorm.check.ts';
import { ropeCheck } from './rope/rope.check.ts';
import { gatherRowsCheck } from './rows/gather-rows.check.ts';
import { decodeBeginCheck, sampleCheck } from './sample/sample.check.ts';
import { swigluCheck } from './swiglu/swiglu.check.ts';
import { valueCheck } from './value/value.check.ts';

export const KERNEL_CHECKS: readonly KernelCheck[] = [
  matmulCheck,
  matmulFewCheck,
  addPlanesCheck,
  rmsNormCheck,
  ropeCheck,
  swigluCheck,
  embeddingCheck,
  gatherRowsCheck,
  attentionCheck,
  decodeAttentionCheck,
  headCheck,
  valueCheck,
  adamWCheck,
  sampleCheck,
  decodeBeginCheck,
];

/** How a kernel did in one variant. */
export interface KernelReport {
  readonly kernel: string;
  readonly variant: string;
  readonly cases: number;
  readonly passed: boolean;
  /** The output that used up most of its tolerance, and its case. */
  readonly worst: Omit<OutputCheck, 'bits'> & { readonly case: string };
  /** For each case the fingerprint of its outputs (checking/bits.ts). Variants of one family have the same. */
  readonly bits: readonly string[];
}

/** `few` runs only a kernel's first three cases, which are the smallest; `large` only those that take long. */
export type CheckSizes = 'few' | 'all' | 'large';

export function casesOf(check: KernelCheck, sizes: CheckSizes): KernelCheck['cases'] {
  if (sizes === 'large') return check.large ?? [];
  return sizes === 'few' ? check.cases.slice(0, 3) : check.cases;
}

/** The part of its tolerance that an output used: above 1 it failed. */
function used({ error, tolerance }: OutputCheck): number {
  if (error === 0) return 0;
  return tolerance === 0 ? Number.POSITIVE_INFINITY : error / tolerance;
}

/**
 * Checks one kernel in one variant on this device.
 * @param cases at least one
 * @throws ShaderError, DeviceLost and other failures of the device; wrong numbers are in the report.
 */
export async function checkKernel(
  gpu: Gpu,
  check: KernelCheck,
  variant: string,
  cases = check.cases,
): Promise<KernelReport> {
  const outputs: (OutputCheck & { readonly case: string })[] = [];
  const bits: string[] = [];
  for (const which of cases) {
    const found = await runCase(gpu, check, variant, which);
    outputs.push(...found.map((output) => ({ ...output, case: which.label })));
    bits.push(together(found.map((output) => output.bits)));
  }
  const { bits: _, ...worst } = outputs.reduce((a, b) => (used(b) > used(a) ? b : a));
  return {
    kernel: check.name,
    variant,
    cases: cases.length,
    passed: outputs.every((output) => output.passed),
    worst,
    bits,
  };
}
