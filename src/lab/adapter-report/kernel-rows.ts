/** Checks every kernel in every variant of a family, row by row. A kernel that fails is a row, and the next one goes on. */
import type { Profile } from '../../gpu/adapter.ts';
import type { KernelCheck } from '../../kernels/checking/check.ts';
import { casesOf, checkKernel, KERNEL_CHECKS, type KernelReport } from '../../kernels/registry.ts';
import { familyOf, supportsVariant } from '../../kernels/variants.ts';
import type { KernelRow } from './schema.ts';
import { finite, inWords, type Stage } from './stage.ts';

export interface RowsOptions {
  readonly family: Profile;
  readonly sizes: 'all' | 'large';
  /** Whether kernels that have one way only belong to this family: they are checked once. */
  readonly single: boolean;
  /** Is told each row as it is: before its first case, and after each. */
  readonly tell: (row: KernelRow) => void;
}

/** The checks and variants that `kernelRows` goes through. */
export function rowsDue(
  { family, sizes, single }: Omit<RowsOptions, 'tell'>,
  device: Parameters<typeof supportsVariant>[0],
): { readonly check: KernelCheck; readonly variant: string }[] {
  return KERNEL_CHECKS.filter((check) => casesOf(check, sizes).length > 0).flatMap((check) =>
    check.variants
      .filter((variant) => (variant === 'default' ? single : familyOf(variant) === family))
      .filter((variant) => supportsVariant(device, variant))
      .map((variant) => ({ check, variant })),
  );
}

/**
 * Goes through the cases by their place: the first of every kernel and variant, then the second of each, and so on. Where time is short
 * every kernel was checked at some size.
 */
export async function kernelRows(stage: Stage, options: RowsOptions): Promise<void> {
  const { info } = await stage.gpu(options.family);
  const due = rowsDue(options, info).map(({ check, variant }) => {
    const cases = casesOf(check, options.sizes);
    const row: KernelRow = {
      ...{ kernel: check.name, variant, sizes: options.sizes, done: 0, of: cases.length },
      ...{ passed: true, ms: 0, worst: null, bits: [], error: null },
    };
    options.tell(row);
    return { check, variant, cases, row };
  });
  const most = Math.max(...due.map(({ cases }) => cases.length));
  for (let place = 0; place < most; place++) {
    for (const one of due) {
      const which = one.cases[place];
      if (stage.over) return;
      if (which === undefined || one.row.error !== null) continue;
      const began = stage.clock();
      try {
        const gpu = await stage.gpu(options.family);
        const found = await checkKernel(gpu, one.check, one.variant, [which]);
        one.row = withCase(one.row, found, stage.clock() - began);
      } catch (error) {
        const why = `${which.label}: ${inWords(error)}`.slice(0, 4000);
        one.row = { ...one.row, passed: false, error: why };
      }
      options.tell(one.row);
    }
  }
}

/** The part of its tolerance that an error used up; what is no number used up all. */
function used({ error, tolerance }: NonNullable<KernelRow['worst']>): number {
  if (error === null) return Number.POSITIVE_INFINITY;
  return error === 0 ? 0 : error / tolerance;
}

function withCase(row: KernelRow, { passed, worst, bits }: KernelReport, ms: number): KernelRow {
  const { output, error, tolerance, worst: where } = worst;
  const found = { output, case: worst.case, error: finite(error), tolerance, worst: where };
  return {
    ...row,
    done: row.done + 1,
    ms: row.ms + Math.round(ms),
    passed: row.passed && passed,
    worst: row.worst === null || used(found) > used(row.worst) ? found : row.worst,
    bits: [...row.bits, ...bits],
  };
}
