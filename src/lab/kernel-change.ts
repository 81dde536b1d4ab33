/** Which changed kernels a session's devices use, and how runs come to use others between two steps. */
import { type ErrorReport, toReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { TemplateExpander } from '../gpu/wgsl-template.ts';
import type { Arm } from './arm.ts';
import { type ChangedKernel, changedTemplates } from './changed-kernels.ts';
import type { Group } from './group.ts';
import type { LabEvent } from './protocol.ts';

export class KernelChange {
  #inUse: readonly ChangedKernel[] = [];
  /** Asked for, and waiting for the end of a step. */
  #wanted: readonly ChangedKernel[] | null = null;
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

  /** Asks for these changed kernels and no others; `takeUp` makes it so. */
  want(kernels: readonly ChangedKernel[]): void {
    this.#wanted = kernels;
  }

  /**
   * Takes up what was asked for, while the group stands between two steps. What is refused changes nothing and is no failure of the
   * group.
   * @returns what to tell, or null where nothing was asked for
   */
  async takeUp(
    device: () => Promise<Gpu>,
    group: Group | null,
  ): Promise<Extract<LabEvent, { type: 'kernels' }> | null> {
    const wanted = this.#wanted;
    if (!wanted) return null;
    this.#wanted = null;
    const arms = group && !group.dead ? group.arms : [];
    const change = async () => this.#change(await device(), arms, wanted);
    let refused: { error?: ErrorReport } = {};
    try {
      await (group ? group.takeTurn(change) : change());
    } catch (error) {
      refused = { error: toReport(error) };
    }
    return { type: 'kernels', kernels: this.#inUse, ...refused };
  }

  /**
   * First the states of all arms are copied to the host, so that no lost device makes them do steps again that were done with other
   * kernels.
   * @throws ShaderError, DeviceLost; then everything is as it was before
   */
  async #change(gpu: Gpu, arms: readonly Arm[], kernels: readonly ChangedKernel[]): Promise<void> {
    for (const arm of arms) await arm.keep();
    gpu.templates = changedTemplates(kernels);
    try {
      for (const arm of arms) await arm.compile();
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
