/** How much of an adapter a report covers: sizes, training steps, and kernels in their variants, each counted once. */
import type { AdapterReport, Done, FamilyPart } from './schema.ts';

/** Seconds after which a visitor's report begins no further size or step. */
export const REPORT_SECONDS = 110;

/** Steps of the run that every report makes. */
export const RUN_STEPS = 20;

interface Coverage {
  readonly sizes: Done;
  /** One in each family, then those of the run. */
  readonly steps: Done;
  /** Whether nothing was left out. */
  readonly whole: boolean;
}

export function coverageOf({
  families,
  run,
  sizes,
  ended,
  problems,
}: Pick<AdapterReport, 'families' | 'run' | 'sizes' | 'ended' | 'problems'>): Coverage {
  const rows = families.flatMap(({ kernels }) => kernels);
  const known = sizes ?? { done: total(rows, 'done'), of: total(rows, 'of') };
  const single = families.reduce((sum, { step }) => sum + (step?.done ?? 0), 0);
  const steps = { done: single + (run?.done ?? 0), of: 2 + (run?.of ?? RUN_STEPS) };
  const whole = isWhole(known) && steps.done >= steps.of && ended === null && problems.length === 0;
  return { sizes: known, steps, whole };
}

export const total = (rows: readonly Done[], of: keyof Done): number =>
  rows.reduce((sum, row) => sum + row[of], 0);

/** A report that got nowhere has no sizes at all. */
const isWhole = ({ done, of }: Done): boolean => of > 0 && done >= of;

/** `28 % of the sizes and 2 of 22 training steps`; rounded down, so that nothing is called whole that is not. */
export function shareInWords({ sizes, steps }: Coverage): string {
  const all = isWhole(sizes);
  const percent = Math.floor((100 * sizes.done) / Math.max(1, sizes.of));
  const share = all ? 'All sizes' : `${percent} % of the sizes`;
  return steps.done < steps.of
    ? `${share} and ${steps.done} of ${steps.of} training steps`
    : all
      ? 'All sizes and training steps'
      : share;
}

/** A kernel in one variant, with all sizes that it has. */
interface Variant extends Done {
  readonly name: string;
  readonly passed: boolean;
}

/** Kernels in their variants. The large sizes of one are further sizes of it, not another kernel. */
export function variantsOf(families: readonly FamilyPart[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const row of families.flatMap(({ kernels }) => kernels)) {
    const name = row.variant === 'default' ? row.kernel : `${row.kernel} (${row.variant})`;
    const { done = 0, of = 0, passed = true } = found.get(name) ?? {};
    found.set(name, {
      name,
      done: done + row.done,
      of: of + row.of,
      passed: passed && row.passed,
    });
  }
  return [...found.values()];
}

/** How variants did: right in every size, right in those that were done, wrong, never begun. */
export function sortedOut(variants: readonly Variant[]) {
  const fine = variants.filter(({ passed }) => passed);
  return {
    right: fine.filter(({ done, of }) => done > 0 && done >= of),
    part: fine.filter(({ done, of }) => done > 0 && done < of),
    wrong: variants.filter(({ passed }) => !passed),
    none: fine.filter(({ done }) => done === 0),
  };
}
