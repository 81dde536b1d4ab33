/** `check`: every kernel against its float64 reference, on this adapter. */
import { BatonError, type ErrorReport, toReport } from '../../errors.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import {
  type CheckSizes,
  casesOf,
  checkKernel,
  KERNEL_CHECKS,
  type KernelReport,
} from '../../kernels/registry.ts';
import { supportsVariant } from '../../kernels/variants.ts';
import { compareBits } from '../../lab/adapter-report/compare-bits.ts';
import { REPORT_SECONDS } from '../../lab/adapter-report/coverage.ts';
import { report } from '../adapter-report.ts';
import { defineCommand, throwIfInterrupted } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { badOption, choice, number, optional } from '../options.ts';

/** The checks whose name is `kernel`, or all, where they have cases of these sizes. @throws BatonError BadConfig on `--kernel` */
function chosen(kernel: string | undefined, sizes: CheckSizes) {
  const checks = KERNEL_CHECKS.filter(({ name }) => kernel === undefined || name === kernel).filter(
    (check) => casesOf(check, sizes).length > 0,
  );
  if (checks.length > 0) return checks;
  const names = KERNEL_CHECKS.filter((check) => casesOf(check, sizes).length > 0)
    .map(({ name }) => name)
    .join(', ');
  throw badOption('kernel', `is ${JSON.stringify(kernel)}; kernels with such sizes are ${names}`);
}

/** A report, or why there is none: one kernel that does not compile must not hide the results of the others. */
type Report = KernelReport | Uncompiled;
interface Uncompiled {
  readonly kernel: string;
  readonly variant: string;
  readonly passed: false;
  readonly error: ErrorReport;
}

async function reportOf(
  gpu: Gpu,
  check: (typeof KERNEL_CHECKS)[number],
  variant: string,
  sizes: CheckSizes,
): Promise<Report> {
  try {
    return await checkKernel(gpu, check, variant, casesOf(check, sizes));
  } catch (error) {
    if (!(error instanceof BatonError) || error.kind !== 'ShaderError') throw error;
    return { kernel: check.name, variant, passed: false, error: toReport(error) };
  }
}

/** A report as one line. */
function line(report: Report): string {
  if ('error' in report) {
    return `FAILED ${report.kernel} (${report.variant}): ${report.error.message}`;
  }
  const { kernel, variant, cases, passed, worst } = report;
  const margin = `error ${worst.error.toExponential(1)} of ${worst.tolerance.toExponential(1)} in ${worst.output}`;
  const verdict = passed ? 'ok    ' : 'FAILED';
  return `${verdict} ${kernel} (${variant}), ${cases} cases: ${margin} at ${worst.case}${passed ? '' : `, ${worst.worst}`}`;
}

/** Kernels with variants that give other bits than the first of their family. */
function differing(reports: readonly Report[]) {
  const rows = reports.flatMap((one) =>
    'error' in one ? [] : [{ ...one, sizes: 'all' as const }],
  );
  return compareBits(rows).filter(({ differ }) => differ.length > 0);
}

export const check = defineCommand({
  summary: 'Every kernel against its float64 reference, on this adapter.',
  details: [
    'Each variant that the adapter can compile is run on awkward sizes, with poisoned outputs and guards. Answers {"passed": ..,',
    '"failed": .., "differ": [..], "kernels": [{"kernel", "variant", "cases", "passed", "worst", "bits"}, ..]}; exit status 1 where one fails,',
    'or where a variant has other bits than its family (differ). --report writes a whole report on the adapter as JSON, and beside it a page to read:',
    'all kernels, their bits, the tuner, the highest speeds, training in both families and the hash of a run of 20 steps.',
  ],
  options: {
    sizes: choice(
      'Three small cases per kernel, all of them, or the large ones.',
      ['few', 'all', 'large'],
      'all',
    ),
    report: optional(
      'FILE.json',
      'Writes a report on this adapter. Goes without --kernel and --sizes.',
    ),
    seconds: number(
      'Seconds after which the report begins no further size or step.',
      REPORT_SECONDS,
      { min: 1, max: 86_400 },
    ),
    kernel: optional('NAME', 'Only this kernel.'),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    if (values.report !== undefined) return await report(values, values.report, io);
    const checks = chosen(values.kernel, values.sizes);
    const kernels: Report[] = [];
    const adapter = await withGpu(values, io, async (gpu) => {
      for (const one of checks) {
        for (const variant of one.variants) {
          throwIfInterrupted(io, 'Kernels not named above were not checked.');
          if (!supportsVariant(gpu.info, variant)) continue;
          const report = await reportOf(gpu, one, variant, values.sizes);
          io.log(line(report));
          kernels.push(report);
        }
      }
      return { name: gpu.info.name, features: gpu.info.features, profile: gpu.info.profile };
    });
    const failed = kernels.filter(({ passed }) => !passed).length;
    const differ = differing(kernels);
    for (const { kernel, variants, differ: others } of differ) {
      const which = others.map(({ variant, cases }) => `${variant} in ${cases} cases`).join(', ');
      io.log(`DIFFERS ${kernel}: other bits than ${variants[0]}: ${which}`);
    }
    return {
      result: { adapter, passed: kernels.length - failed, failed, differ, kernels },
      ...(failed + differ.length > 0 && { status: 1 }),
    };
  },
});
