/** Which changed kernels a session's devices use, and how runs come to use others between two steps. */
import type { ErrorReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { TemplateExpander } from '../gpu/wgsl-template.ts';
import type { Arm } from './arm.ts';
import { type ChangedKernel, changedTemplates } from './changed-kernels.ts';

export class KernelChange {
  #inUse: readonly ChangedKernel[] = [];
  #templates: TemplateExpander | null = null;
  /** The session's first device: the variants that were chosen on it, a device that takes its place uses too. */
  #first: { readonly adapter: string; readonly variants: ReadonlyMap<string, string> } | null =
    null;

  /** The changed kernels in use. */
  get inUse(): readonly ChangedKernel[] {
    return this.#inUse;
  }

  /** Makes a device that was opened just now compute as the one before it did: with the same changed kernels and the same variants. */
  equip(gpu: Gpu): Gpu {
    gpu.templates = this.#templates;
    const { name, profile, features } = gpu.info;
    const adapter = [name, profile, ...features].join();
    this.#first ??= { adapter, variants: new Map(gpu.variants) };
    if (this.#first.adapter === adapter) {
      gpu.variants.clear();
      for (const [kernel, variant] of this.#first.variants) gpu.variants.set(kernel, variant);
    }
    return gpu;
  }

  /**
   * Makes a device and its runs, which stand between two steps, go on with these changed kernels and no others. First the runs' states are
   * copied to the host, so that no lost device makes them do steps again that were done with other kernels.
   * @throws ShaderError, DeviceLost; then everything is as it was before
   */
  async change(gpu: Gpu, arms: readonly Arm[], kernels: readonly ChangedKernel[]): Promise<void> {
    for (const arm of arms) await arm.keep();
    gpu.templates = changedTemplates(kernels);
    try {
      for (const arm of arms) await arm.trainer.compile();
    } catch (error) {
      gpu.templates = this.#templates;
      throw error;
    }
    this.#templates = gpu.templates;
    this.#inUse = kernels;
    for (const arm of arms) arm.noteKernels(kernels);
  }
}

/** A failure of what changed kernels compute names them: they are the likely cause, and can be taken out. */
export function suspecting(
  report: ErrorReport,
  kernels: readonly ChangedKernel[],
  started: boolean,
): ErrorReport {
  if (kernels.length === 0 || !(report.kind === 'NonFinite' || report.kind === 'ShaderError'))
    return report;
  const { field: _, ...rest } = report;
  const files = kernels.map(({ file }) => file).join(' and ');
  const safe = started
    ? 'The last good step is kept: restore the original and go on from it.'
    : 'Nothing was started: restore the original and run again.';
  return { ...rest, remedy: `A changed ${files} is in use and the likely cause. ${safe}` };
}
