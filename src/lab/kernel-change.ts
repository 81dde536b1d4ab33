/** Which changed kernels the devices of a session use, and how that changes between two steps. */
import { type ErrorReport, toReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { TemplateExpander } from '../gpu/wgsl-template.ts';
import { forceVariants } from '../kernels/variants.ts';
import type { Arm } from './arm.ts';
import { type ChangedKernel, changedTemplates } from './changed-kernels.ts';
import type { Group, Survive } from './group.ts';
import type { LabEvent } from './protocol.ts';

export class KernelChange {
  #inUse: readonly ChangedKernel[] = [];
  /** Requested; takes effect at the end of a step. */
  #wanted: readonly ChangedKernel[] | null = null;
  #templates: TemplateExpander | null = null;
  /** The first device of the session. Devices that replace it use the variants chosen on it. */
  #first: { readonly adapter: string; readonly variants: ReadonlyMap<string, string> } | null =
    null;

  /** The changed kernels in use. */
  get inUse(): readonly ChangedKernel[] {
    return this.#inUse;
  }

  /** Makes a newly opened device compute like the one before it: with the same changed kernels and the same variants. */
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
   * Makes a device use the variants that a stored run began with, as do those that replace it.
   * @returns what this device lacks, in words
   */
  adopt(gpu: Gpu, variants: Readonly<Record<string, string>>): readonly string[] {
    const missing = forceVariants(gpu, variants);
    if (this.#first) this.#first = { ...this.#first, variants: new Map(gpu.variants) };
    return missing;
  }

  /** Requests exactly these changed kernels; `takeUp` puts them to use. */
  want(kernels: readonly ChangedKernel[]): void {
    this.#wanted = kernels;
  }

  /**
   * Puts the requested kernels to use, while the group is between two steps. Kernels that are refused change nothing, and the group
   * does not fail.
   * @param device for where there is no group
   * @returns the event to post, or null if nothing was requested
   */
  async takeUp(
    device: () => Promise<Gpu>,
    group: Group | null,
    survive: Survive,
  ): Promise<Extract<LabEvent, { type: 'kernels' }> | null> {
    const wanted = this.#wanted;
    if (!wanted) return null;
    this.#wanted = null;
    let refused: { error?: ErrorReport } = {};
    try {
      if (group) {
        const change = () => this.#change(group.gpu, group.arms, wanted);
        await group.takeTurn(() => survive(group, change));
      } else await this.#change(await device(), [], wanted);
    } catch (error) {
      refused = { error: toReport(error) };
    }
    return { type: 'kernels', kernels: this.#inUse, ...refused };
  }

  /**
   * First copies the states of all arms to the host, so that after a lost device no step is repeated that other kernels had
   * computed.
   * @throws ShaderError, DeviceLost; nothing has changed then
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

/** Names the changed kernels in the report of a failed computation: they are the likely cause, and the user can remove them. */
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
    ? 'The last good step is kept: restore the original and continue from there.'
    : 'Nothing was started: restore the original and run again.';
  return { ...rest, remedy: `A changed ${files} is in use and the likely cause. ${safe}` };
}
