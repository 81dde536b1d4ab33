/** A report's parts, one line each, for the page. */
import { sortedOut, total, variantsOf } from './coverage.ts';
import type { AdapterReport, FamilyPart, Steps } from './schema.ts';
import { firstStepAgrees, wrongThings } from './summary.ts';

export interface Line {
  readonly part: string;
  readonly says: string;
  readonly wrong: boolean;
}

export const FAMILY_NAMES = {
  scalar: 'Kernels for software adapters',
  lanes: 'Kernels for GPUs',
} as const;

function kernelsLine(family: FamilyPart): Line {
  const { right, part, wrong, none } = sortedOut(variantsOf([family]));
  const says = [
    `${right.length} right in every size`,
    ...(part.length > 0 ? [`${part.length} in the sizes that were done`] : []),
    ...(wrong.length > 0 ? [`${wrong.length} wrong`] : []),
    ...(none.length > 0 ? [`not begun: ${none.map(({ name }) => name).join(', ')}`] : []),
  ].join(', ');
  const { kernels } = family;
  return {
    part: FAMILY_NAMES[family.family],
    says: `${total(kernels, 'done')} of ${total(kernels, 'of')} sizes; kernels and variants: ${says}`,
    wrong: wrong.length > 0,
  };
}

function bitsLine({ family, bits, kernels }: FamilyPart): Line[] {
  if (bits.length === 0) return [];
  const differ = bits.filter((row) => row.differ.length > 0);
  const names = [...new Set(bits.map(({ kernel }) => kernel))];
  const sizes = bits.reduce((sum, { cases }) => sum + cases, 0);
  const all = bits.reduce((sum, row) => {
    const first = kernels.find(
      (one) =>
        one.kernel === row.kernel && one.sizes === row.sizes && row.variants.includes(one.variant),
    );
    return sum + (first?.of ?? row.cases);
  }, 0);
  const says =
    differ.length === 0
      ? `the same in ${sizes} of ${all} sizes of ${names.length === 1 ? 'one kernel' : `${names.length} kernels`}`
      : `other bits in ${differ.map(({ kernel }) => kernel).join(', ')}`;
  const part = `Bits across their variants${family === 'lanes' ? ' (GPUs)' : ''}`;
  return [{ part, says, wrong: differ.length > 0 }];
}

const PLACES = 12;

/** The hash of step 1, which any two reports have in common, and of the longest run of steps. */
export function hashesInWords({ hashes }: Steps): string | null {
  const known = Object.keys(hashes).map(Number);
  const ends = [...new Set([1, Math.max(...known)])].filter((step) => known.includes(step));
  const words = ends.map((step) => `${hashes[step].slice(0, PLACES)} at step ${step}`);
  return words.length > 0 ? `hash ${words.join(', ')}` : null;
}

function stepsLine(part: string, steps: Steps): Line {
  const outside = steps.inPlace.some(({ passed }) => !passed);
  const policy = outside ? 'wrong in the run’s buffers' : 'right in the run’s own buffers';
  const checked = steps.inPlace.length > 0;
  const error = steps.error === null ? [] : [steps.error];
  const says =
    steps.done === 0
      ? ['not done', ...(checked ? [`the policy before it ${policy}`] : []), ...error]
      : [
          `${steps.done} of ${steps.of} in ${steps.seconds.toFixed(1)} s with all preparation`,
          ...[hashesInWords(steps)].filter((hashes) => hashes !== null),
          ...(checked ? [policy] : []),
          ...error,
        ];
  return { part, says: says.join('; '), wrong: outside || steps.error !== null };
}

function tunerLine({ variants, refused, times }: NonNullable<AdapterReport['tuner']>): Line {
  const named = Object.entries(refused).flatMap(([kernel, all]) =>
    Object.keys(all).map((variant) => `${variant} of ${kernel}`),
  );
  const says = [
    `${Object.keys(variants).length} kernels with another variant than the plain one`,
    Object.keys(times).length > 0 ? 'by the clock' : 'nothing was timed',
    ...(named.length > 0 ? [`refused: ${named.join(', ')}`] : []),
  ];
  return { part: 'Tuner', says: says.join('; '), wrong: false };
}

/** The speeds with what limits their meaning. */
export function speedsInWords({ adapter, ceilings }: AdapterReport): string | null {
  if (!ceilings) return null;
  const speeds = `${ceilings.gflops.toFixed(1)} GFLOP/s, ${ceilings.gbs.toFixed(1)} GB/s`;
  return adapter?.software
    ? `${speeds}; a lower bound, since a software adapter shares its processor with all else that ran`
    : speeds;
}

/** What is known so far, in the order in which it is done. */
export function linesOf(report: AdapterReport): Line[] {
  const { adapter, families, tuner, run, problems } = report;
  const fine = (part: string, says: string): Line => ({ part, says, wrong: false });
  const agrees = firstStepAgrees(report);
  const speeds = speedsInWords(report);
  return [
    ...(adapter
      ? [fine('Adapter', [adapter.name, adapter.features.join(', ')].filter(Boolean).join('; '))]
      : []),
    ...families.flatMap((family) => [kernelsLine(family), ...bitsLine(family)]),
    ...(tuner ? [tunerLine(tuner)] : []),
    ...(speeds ? [fine('Highest speeds', speeds)] : []),
    ...families.flatMap(({ family, step }) =>
      step
        ? [stepsLine(`One training step (${family === 'lanes' ? 'GPUs' : 'software'})`, step)]
        : [],
    ),
    ...(run ? [stepsLine(`A run of ${run.of} steps`, run)] : []),
    ...(agrees === null
      ? []
      : [
          {
            part: 'Its first step with the plain kernels',
            says: agrees ? 'the same hash' : 'another hash',
            wrong: !agrees,
          },
        ]),
    ...problems.map(({ part, message }) => fine(`Not done: ${part}`, message)),
    ...wrongThings(report).map(({ what, why }) => ({ part: what, says: why, wrong: true })),
  ];
}
