/** Which variants of a family gave the same bits. */
import { familyOf } from '../../kernels/variants.ts';
import type { BitsRow, KernelRow } from './schema.ts';

type Row = Pick<KernelRow, 'kernel' | 'variant' | 'sizes'> & { readonly bits: readonly string[] };

/**
 * Compares all variants of each kernel with the first of their family, on the cases that both have done. Families are told by the variants.
 */
export function compareBits(rows: readonly Row[]): BitsRow[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    if (row.bits.length === 0) continue;
    const key = [row.kernel, row.sizes, familyOf(row.variant)].join();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (others.length === 0) return [];
    const differ = others.flatMap(({ variant, bits }) => {
      const cases = bits.filter((one, i) => i < first.bits.length && one !== first.bits[i]).length;
      return cases > 0 ? [{ variant, cases }] : [];
    });
    return [
      {
        kernel: first.kernel,
        sizes: first.sizes,
        variants: [first, ...others].map(({ variant }) => variant),
        cases: Math.min(...[first, ...others].map(({ bits }) => bits.length)),
        differ,
      },
    ];
  });
}
