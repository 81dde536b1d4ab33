/** Whether a report knows the kernels, variants and sizes that this build has. */
import { casesOf } from '../../kernels/registry.ts';
import { rowsDue } from './kernel-rows.ts';
import type { AdapterReport, FamilyPart } from './schema.ts';

interface Lack {
  readonly kernel: string;
  readonly variant: string;
  /** Whether it has the kernel in this variant, with other sizes than today's. */
  readonly sizes: boolean;
  /** Whether it has the kernel in no variant of the family. */
  readonly whole: boolean;
}

/** Reports list every kernel of a family before the first is checked, so one that is not in the list did not exist. */
function lacksOf({ family, kernels }: FamilyPart, { adapter }: AdapterReport): Lack[] {
  if (!adapter || kernels.length === 0) return [];
  const { features, subgroups } = adapter;
  const device = { features, subgroup: features.includes('subgroups') ? (subgroups?.[0] ?? 0) : 0 };
  const due = rowsDue({ family, sizes: 'all', single: family === adapter.family }, device);
  const rows = kernels.filter(({ sizes }) => sizes === 'all');
  return due.flatMap(({ check, variant }) => {
    const own = rows.filter(({ kernel }) => kernel === check.name);
    const row = own.find((one) => one.variant === variant);
    const sizes = row !== undefined && row.of !== casesOf(check, 'all').length;
    const lack = { kernel: check.name, variant, sizes, whole: own.length === 0 };
    return row === undefined || sizes ? [lack] : [];
  });
}

/** Kernels, each once, with the variants that are missing where others are there. */
function named(lacks: readonly Lack[]): string[] {
  return [...new Set(lacks.map(({ kernel }) => kernel))].map((kernel) => {
    const own = lacks.filter((lack) => lack.kernel === kernel);
    const variants = [...new Set(own.map(({ variant }) => variant))];
    return own.every(({ whole }) => whole) ? kernel : `${kernel} (${variants.join(', ')})`;
  });
}

/** Such as `older than the kernels matmul-few (lanes16), and than sizes of matmul`; null for a report of what there is now. */
export function ageInWords(report: AdapterReport): string | null {
  const lacks = report.families.flatMap((family) => lacksOf(family, report));
  const kernels = named(lacks.filter(({ sizes }) => !sizes));
  const sizes = [...new Set(lacks.filter((lack) => lack.sizes).map(({ kernel }) => kernel))];
  const than = [
    ...(kernels.length > 0 ? [`than the kernels ${kernels.join(', ')}`] : []),
    ...(sizes.length > 0 ? [`than sizes of ${sizes.join(', ')}`] : []),
  ];
  return than.length > 0 ? `older ${than.join(', and ')}` : null;
}
