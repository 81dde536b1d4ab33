/** A report in one line and in a table: what the page, the file to read and docs/adapters.md say of it. */
import { coverageOf, shareInWords, sortedOut, variantsOf } from './coverage.ts';
import type { AdapterReport, Steps } from './schema.ts';

export interface Summary {
  /** One sentence without a full stop. Where something was left out, it begins with how much was done. */
  readonly verdict: string;
  /** Kernels in one variant, of which every size that was run passed, and at least one was. */
  readonly passed: number;
  /** Kernels with a size that failed, training steps that failed or were wrong in the run's buffers. */
  readonly failed: number;
  /** Variants that gave other bits than their family. */
  readonly differ: number;
  /** Sizes that were not run. */
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
  const { right, part, wrong } = sortedOut(variantsOf(report.families));
  const steps = [...report.families.map(({ step }) => step), report.run];
  const failed = wrong.length + steps.reduce((sum, one) => sum + failedSteps(one), 0);
  const bits = report.families.flatMap((one) => one.bits);
  const differ =
    bits.reduce((sum, row) => sum + row.differ.length, 0) +
    Number(firstStepAgrees(report) === false);
  const { sizes } = coverageOf(report);
  return {
    ...{ verdict: inWords(report, failed, differ), passed: right.length + part.length },
    ...{ failed, differ, undone: sizes.of - sizes.done },
  };
}

function inWords(report: AdapterReport, failed: number, differ: number): string {
  if (report.adapter === null) return 'No adapter could be opened';
  const wrong = [
    ...(failed > 0 ? [`${plural(failed, 'thing')} failed`] : []),
    ...(differ > 0 ? [`${plural(differ, 'comparison')} of bits failed`] : []),
  ].join(', ');
  const coverage = coverageOf(report);
  if (coverage.whole) return wrong || 'All is right';
  const why = whyShort(report);
  return `${shareInWords(coverage)}, ${wrong || 'nothing wrong'} among them${why && `; ${why}`}`;
}

/** Why a report is not whole; empty where a failure says it already. */
function whyShort({ ended, problems }: AdapterReport): string {
  if (ended === 'out of time') return 'time was up';
  if (ended !== null) return ended;
  return problems.length > 0 ? `not done: ${problems.map(({ part }) => part).join(', ')}` : '';
}

/** How a report ended, with the limit that it was given; null where it went to its end. */
export function endInWords({ ended, limit }: AdapterReport): string | null {
  if (ended !== 'out of time') return ended === null ? null : `ended early: ${ended}`;
  return limit === undefined
    ? 'ended at its limit, which the file does not tell'
    : `ended at its limit of ${limit} s`;
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
