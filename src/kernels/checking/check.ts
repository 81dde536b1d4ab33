/** A check of one kernel against its reference: what it compares, and what it found. */
import type { Gpu } from '../../gpu/gpu.ts';
import { TOLERANCES, type ToleranceName } from '../tolerances.ts';
import { fingerprint } from './bits.ts';

/** One output of one case, compared number by number. */
export interface OutputCheck {
  readonly output: string;
  /** Largest error, in the tolerance's unit; infinite when something is not a number or a run misbehaved. */
  readonly error: number;
  readonly tolerance: number;
  readonly passed: boolean;
  /** Where the largest error is, in words. */
  readonly worst: string;
  /** Of the bits that were compared, @see bits.ts; empty where there are none. */
  readonly bits: string;
}

export interface CheckCase {
  /** The sizes, in words. */
  readonly label: string;
  run(gpu: Gpu): Promise<OutputCheck[]>;
}

export interface KernelCheck {
  readonly name: string;
  /** Names under which `gpu.variant` is asked; the check sets them to the variant. */
  readonly kernels: readonly string[];
  /** `default` where there is only one way. */
  readonly variants: readonly string[];
  readonly cases: readonly CheckCase[];
  /**
   * Cases of 1,024 and more in a dimension, of which outputs are sampled where the reference would take long, and of more workgroups than
   * one dimension of a grid holds. Software adapters take seconds for one, so tests leave most of them out.
   */
  readonly large?: readonly CheckCase[];
}

/** Runs one case under a variant, and puts the device's choice of variants back. */
export async function runCase(
  gpu: Gpu,
  check: KernelCheck,
  variant: string,
  which: CheckCase,
): Promise<OutputCheck[]> {
  const before = check.kernels.map((kernel) => gpu.variants.get(kernel));
  if (variant !== 'default') for (const kernel of check.kernels) gpu.variants.set(kernel, variant);
  try {
    return await which.run(gpu);
  } finally {
    for (const [i, kernel] of check.kernels.entries()) {
      const choice = before[i];
      if (choice === undefined) gpu.variants.delete(kernel);
      else gpu.variants.set(kernel, choice);
    }
  }
}

/**
 * Compares an output with its reference. The error of a number is |actual - expected| / scale, where the scale is the sum of
 * the absolute terms that the number is made of (or 1 for all, for an absolute tolerance).
 */
export function compare(
  output: string,
  tolerance: ToleranceName,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  scale: ArrayLike<number> | number,
): OutputCheck {
  const { limit } = TOLERANCES[tolerance];
  let error = actual.length === expected.length ? 0 : Number.POSITIVE_INFINITY;
  let at = 0;
  for (let i = 0; i < expected.length; i++) {
    const unit = typeof scale === 'number' ? scale : scale[i];
    const difference = Math.abs(actual[i] - expected[i]);
    let own = difference === 0 ? 0 : difference / unit;
    if (!Number.isFinite(own)) own = Number.POSITIVE_INFINITY;
    if (own > error) {
      error = own;
      at = i;
    }
  }
  const worst = `[${at}] is ${actual[at]}, expected ${expected[at]}`;
  const bits = fingerprint(actual);
  return { output, error, tolerance: limit, passed: error <= limit, worst, bits };
}

/** Compares integers or copies, which have to be equal. */
export function equal(
  output: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): OutputCheck {
  return compare(output, 'exact', actual, expected, 1);
}

/** What `runKernel` found wrong, as failed outputs. */
export function failures(problems: readonly string[]): OutputCheck[] {
  return problems.map((worst) => ({
    output: 'run',
    error: Number.POSITIVE_INFINITY,
    tolerance: 0,
    passed: false,
    worst,
    bits: '',
  }));
}
