/** A report in one line and in a table: what the page, the file to read and docs/adapters.md say of it. */
import type { AdapterReport, Steps } from './schema.ts';

export interface Summary {
  /** One sentence without a full stop. */
  readonly verdict: string;
  /** Kernels in one variant and set of sizes, of which every case that was run passed. */
  readonly passed: number;
  /** Kernels with a case that failed, training steps that failed or were wrong in the run's buffers. */
  readonly failed: number;
  /** Variants that gave other bits than their family. */
  readonly differ: number;
  /** Cases that were not run. */
  readonly undone: number;
}

const failedSteps = (steps: Steps | null): number =>
  steps === null
    ? 0
    : Number(steps.error !== null) + steps.inPlace.filter((one) => !one.passed).length;

const plural = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** Whether the first step has the same hash with the family's plain kernels and with those that the tuner chose; null where one of the two is missing. */
export function firstStepAgrees({ adapter, families, run }: AdapterReport): boolean | null {
  const plain = families.find(({ family }) => family === adapter?.family)?.step?.hashes['1'];
  const tuned = run?.hashes['1'];
  return plain === undefined || tuned === undefined ? null : plain === tuned;
}

export function summarise(report: AdapterReport): Summary {
  const rows = report.families.flatMap(({ kernels }) => kernels);
  const bad = rows.filter(({ passed }) => !passed).length;
  const steps = [...report.families.map(({ step }) => step), report.run];
  const failed = bad + steps.reduce((sum, one) => sum + failedSteps(one), 0);
  const bits = report.families.flatMap((one) => one.bits);
  const differ =
    bits.reduce((sum, row) => sum + row.differ.length, 0) +
    Number(firstStepAgrees(report) === false);
  const undone = rows.reduce((sum, { done, of }) => sum + of - done, 0);
  const passed = rows.filter((row) => row.passed && row.done > 0).length;
  return { verdict: inWords(report, failed, differ, undone), passed, failed, differ, undone };
}

function inWords(report: AdapterReport, failed: number, differ: number, undone: number): string {
  if (report.adapter === null) return 'No adapter could be opened';
  const wrong = [
    ...(failed > 0 ? [`${plural(failed, 'thing')} failed`] : []),
    ...(differ > 0 ? [`${plural(differ, 'comparison')} of bits failed`] : []),
  ];
  const left = undone > 0 || report.problems.length > 0 || report.ended !== null;
  if (wrong.length > 0) return wrong.join(', ');
  return left ? 'All that was checked is right; some was not checked' : 'All is right';
}

/** The hash of a run with the number of steps that it covers, the longest that there is. */
export function lastHash(
  steps: Steps | null,
): { readonly step: number; readonly hash: string } | null {
  const known = Object.entries(steps?.hashes ?? {}).map(([step, hash]) => ({
    step: Number(step),
    hash,
  }));
  return known.reduce<(typeof known)[number] | null>(
    (a, b) => (a && a.step > b.step ? a : b),
    null,
  );
}

/** Kernels that failed and variants with other bits, one by one. */
export function wrongThings({ families }: AdapterReport): { what: string; why: string }[] {
  return families.flatMap(({ kernels, bits }) => [
    ...kernels
      .filter(({ passed }) => !passed)
      .map(({ kernel, variant, error, worst }) => ({
        what: `${kernel} (${variant})`,
        why: error ?? `${worst?.case}: ${worst?.output} ${worst?.worst}`,
      })),
    ...bits.flatMap(({ kernel, variants, cases, differ }) =>
      differ.map((one) => ({
        what: `${kernel} (${one.variant})`,
        why: `other bits than ${variants[0]} in ${one.cases} of ${cases} sizes`,
      })),
    ),
  ]);
}
