/**
 * Kernels that the user changed and put into the lab. Each has passed its check in the kernel laboratory (kernel-lab), for every kernel
 * and variant made from its text, and is used only in the forms that were checked. Its loops stay bounded, as they were there.
 */
import { BatonError } from '../errors.ts';
import { asChanged } from '../gpu/loop-guard.ts';
import {
  expandOnce,
  expandTemplate,
  type TemplateConstants,
  type TemplateExpander,
} from '../gpu/wgsl-template.ts';
import type { ChangedKernelUse } from '../rl/records.ts';

export interface ChangedKernel {
  /** The template, by its path below src/kernels. */
  readonly file: string;
  /** The template's own text. */
  readonly original: string;
  readonly text: string;
  /** SHA-256 of `text`, hex. */
  readonly sha256: string;
  /** Ids of the kernels that are made from it. */
  readonly kernels: readonly string[];
  /** The sets of constants with which it was expanded during its check, each as `formOf` writes it. */
  readonly forms: readonly string[];
}

/** A set of constants, always written the same way. */
export function formOf(constants: TemplateConstants): string {
  const sorted = Object.entries(constants).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([name, value]) => `${name} = ${value}`).join(', ');
}

/**
 * A function that expands templates, with changed kernels in place of their originals; null if none is changed.
 * @throws ShaderError, from the expansion, for a form that was not checked
 */
export function changedTemplates(kernels: readonly ChangedKernel[]): TemplateExpander | null {
  if (kernels.length === 0) return null;
  const changed = new Map(
    kernels.map((kernel) => [kernel.original, { kernel, forms: new Set(kernel.forms) }]),
  );
  return (source, constants) => {
    const found = changed.get(source);
    if (!found) return expandOnce(source, constants);
    const form = formOf(constants);
    if (!found.forms.has(form)) throw notChecked(found.kernel, form);
    return asChanged(expandTemplate(found.kernel.text, constants));
  };
}

function notChecked({ file }: ChangedKernel, form: string): BatonError {
  return new BatonError({
    kind: 'ShaderError',
    message: `The changed ${file} was not checked in a form that this run needs`,
    remedy: 'It is used in checked forms only. Restore the original on the Kernels page.',
    detail: form,
  });
}

/**
 * What a manifest says about changed kernels after a change between two rows.
 * @param next the first row computed with `kernels`
 */
export function usesAfter(
  before: readonly ChangedKernelUse[],
  kernels: readonly ChangedKernel[],
  next: number,
): ChangedKernelUse[] {
  const same = (use: ChangedKernelUse, { file, sha256 }: ChangedKernel) =>
    use.to_step === null && use.file === file && use.sha256 === sha256;
  const kept = before
    .map((use) =>
      use.to_step !== null || kernels.some((kernel) => same(use, kernel))
        ? use
        : { ...use, to_step: next - 1 },
    )
    // A kernel that was removed before it computed a row was never used.
    .filter(({ from_step, to_step }) => to_step === null || to_step >= from_step);
  const entering = kernels.filter((kernel) => !before.some((use) => same(use, kernel)));
  return [
    ...kept,
    ...entering.map(({ file, sha256 }) => ({ file, sha256, from_step: next, to_step: null })),
  ];
}
