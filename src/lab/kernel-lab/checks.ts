/** Runs the sizes of kernels' checks, and says of each output how far it is from float64. */
import type { Gpu } from '../../gpu/gpu.ts';
import { runCase } from '../../kernels/checking/check.ts';
import { casesOf, type Entry, type EntryVariant } from './entries.ts';
import type { Advance, CaseResult } from './protocol.ts';

/** Checks name gradients dX or dx. Two of the matrix products are gradients of the third. */
function isGradient(entry: Entry, output: string): boolean {
  return /^d[A-Zx]/.test(output) || entry.id === 'matmul-nn' || entry.id === 'matmul-tn';
}

export async function check(
  gpu: Gpu,
  entry: Entry,
  variant: string,
  cases: readonly number[],
  tell: (advance: Advance) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const place of cases) {
    results.push(await checkCase(gpu, { entry, variant }, place));
    tell({ done: results.length, total: cases.length });
  }
  return results;
}

/** One case of a kernel's check. @throws RangeError where there is no such case */
async function checkCase(
  gpu: Gpu,
  { entry, variant }: EntryVariant,
  place: number,
): Promise<CaseResult> {
  const which = casesOf(entry)[place];
  if (!which) throw new RangeError(`${entry.id} has no case ${place}`);
  const { variants } = entry.check;
  const asked = variants.includes(variant) ? variant : variants[0];
  const found = await runCase(gpu, entry.check, entry.tuned ? asked : runs(gpu, entry), which);
  const outputs = found.map((output) => ({
    ...output,
    gradient: isGradient(entry, output.output),
  }));
  return { label: which.label, passed: outputs.every(({ passed }) => passed), outputs };
}

/**
 * Checks all sizes of these kernels. A case that several of them share runs once. It stops at the first failure, because what is wrong may
 * also be slow.
 */
export async function checkAll(
  gpu: Gpu,
  made: readonly EntryVariant[],
  tell: (advance: Advance) => void,
): Promise<CaseResult[]> {
  const due = new Map<string, { readonly one: EntryVariant; readonly place: number }>();
  for (const one of made)
    casesOf(one.entry).forEach(({ label }, place) => {
      const key = [one.entry.check.name, one.variant, label].join();
      if (!due.has(key)) due.set(key, { one, place });
    });
  const results: CaseResult[] = [];
  for (const { one, place } of due.values()) {
    const result = await checkCase(gpu, one, place);
    const { entry, variant } = one;
    const others = entry !== made[0].entry || variant !== made[0].variant;
    results.push(
      others ? { ...result, label: `${entry.id}, ${variant}: ${result.label}` } : result,
    );
    tell({ done: results.length, total: due.size });
    if (!result.passed) break;
  }
  return results;
}

/** The variant to run a check under, where the kernel itself has only one variant and others in the same check have several. */
function runs(gpu: Gpu, { check: { kernels, variants } }: Entry): string {
  const [first] = kernels;
  if (first === undefined) return variants[0];
  const set = gpu.variant(first);
  return variants.includes(set) ? set : variants[0];
}
