/** A report's parts, one line each, for the page. */
import type { AdapterReport, FamilyPart, Steps } from './schema.ts';
import { firstStepAgrees, lastHash, wrongThings } from './summary.ts';

export interface Line {
  readonly part: string;
  readonly says: string;
  readonly wrong: boolean;
}

export const FAMILY_NAMES = {
  scalar: 'Kernels for software adapters',
  lanes: 'Kernels for GPUs',
} as const;

function kernelsLine({ family, kernels }: FamilyPart): Line {
  const done = kernels.reduce((sum, row) => sum + row.done, 0);
  const of = kernels.reduce((sum, row) => sum + row.of, 0);
  const wrong = kernels.filter(({ passed }) => !passed).length;
  const right = kernels.filter((row) => row.passed && row.done > 0).length;
  const says = `${right} kernels and variants right${wrong > 0 ? `, ${wrong} wrong` : ''}; ${done} of ${of} sizes`;
  return { part: FAMILY_NAMES[family], says, wrong: wrong > 0 };
}

function bitsLine({ family, bits }: FamilyPart): Line[] {
  if (bits.length === 0) return [];
  const differ = bits.filter((row) => row.differ.length > 0);
  const says =
    differ.length === 0
      ? `the same in ${bits.length} comparisons`
      : `other bits in ${differ.map(({ kernel }) => kernel).join(', ')}`;
  const part = `Bits across their variants${family === 'lanes' ? ' (GPUs)' : ''}`;
  return [{ part, says, wrong: differ.length > 0 }];
}

function stepsLine(part: string, steps: Steps): Line {
  const hash = lastHash(steps);
  const outside = steps.inPlace.some(({ passed }) => !passed);
  const says = [
    `${steps.done} of ${steps.of} in ${steps.seconds.toFixed(1)} s`,
    ...(hash ? [`hash ${hash.hash.slice(0, 12)} at step ${hash.step}`] : []),
    ...(steps.inPlace.length > 0
      ? [outside ? 'wrong in the run’s buffers' : 'right in the run’s own buffers']
      : []),
    ...(steps.error === null ? [] : [steps.error]),
  ];
  return { part, says: says.join(', '), wrong: outside || steps.error !== null };
}

/** What is known so far, in the order in which it is done. */
export function linesOf(report: AdapterReport): Line[] {
  const { adapter, families, tuner, ceilings, run, problems } = report;
  const fine = (part: string, says: string): Line => ({ part, says, wrong: false });
  const refused = Object.entries(tuner?.refused ?? {}).flatMap(([kernel, all]) =>
    Object.keys(all).map((variant) => `${variant} of ${kernel}`),
  );
  const agrees = firstStepAgrees(report);
  return [
    ...(adapter
      ? [fine('Adapter', [adapter.name, adapter.features.join(', ')].filter(Boolean).join('; '))]
      : []),
    ...families.flatMap((family) => [kernelsLine(family), ...bitsLine(family)]),
    ...(tuner
      ? [
          fine(
            'Tuner',
            `${Object.keys(tuner.variants).length} kernels with another variant than the plain one${refused.length > 0 ? `; refused: ${refused.join(', ')}` : ''}`,
          ),
        ]
      : []),
    ...(ceilings
      ? [
          fine(
            'Highest speeds',
            `${ceilings.gflops.toFixed(1)} GFLOP/s, ${ceilings.gbs.toFixed(1)} GB/s`,
          ),
        ]
      : []),
    ...families.flatMap(({ family, step }) =>
      step
        ? [stepsLine(`One training step (${family === 'lanes' ? 'GPUs' : 'software'})`, step)]
        : [],
    ),
    ...(run ? [stepsLine('A run of 20 steps', run)] : []),
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
