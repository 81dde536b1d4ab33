/** Every kernel with the check against its float64 reference, for the tests, the command line and the page. */
import type { Gpu } from '../gpu/gpu.ts';
import { attentionCheck } from './attention/attention.check.ts';
import { decodeAttentionCheck } from './attention/decode-attention.check.ts';
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
  readonly worst: OutputCheck & { readonly case: string };
}

/** `few` runs only a kernel's first three cases, which are the smallest. */
export type CheckSizes = 'few' | 'all';

/** The part of its tolerance that an output used: above 1 it failed. */
function used({ error, tolerance }: OutputCheck): number {
  if (error === 0) return 0;
  return tolerance === 0 ? Number.POSITIVE_INFINITY : error / tolerance;
}

/**
 * Checks one kernel in one variant on this device.
 * @throws ShaderError, DeviceLost and other failures of the device; wrong numbers are in the report.
 */
export async function checkKernel(
  gpu: Gpu,
  check: KernelCheck,
  variant: string,
  sizes: CheckSizes = 'all',
): Promise<KernelReport> {
  const cases = sizes === 'few' ? check.cases.slice(0, 3) : check.cases;
  const outputs: KernelReport['worst'][] = [];
  for (const which of cases) {
    for (const output of await runCase(gpu, check, variant, which)) {
      outputs.push({ ...output, case: which.label });
    }
  }
  return {
    kernel: check.name,
    variant,
    cases: cases.length,
    passed: outputs.every((output) => output.passed),
    worst: outputs.reduce((a, b) => (used(b) > used(a) ? b : a)),
  };
}
