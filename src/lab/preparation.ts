/** Prepares runs, on request or ahead of one: loads their policies and compiles their kernels. */
import { loadModelFolder } from '../model/load.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Models } from '../rl/run/origin.ts';
import { warmUp } from '../rl/run/warm-up.ts';
import { Arm, type ArmHost } from './arm.ts';
import type { SessionDevice } from './device.ts';
import type { KernelChange } from './kernel-change.ts';
import { ModelCache } from './model-cache.ts';
import type { GroupRun } from './protocol.ts';

export class Preparation {
  readonly #host: ArmHost;
  readonly #device: SessionDevice;
  readonly #kernels: KernelChange;
  readonly #models: ModelCache;
  /** Opens the folders that further learners start from. */
  readonly #folders: Models;
  /** The newest warm-up: resolves once all its kernels were requested. */
  #warming: { readonly policy: string; readonly asked: Promise<void> } | null = null;

  constructor(host: ArmHost, device: SessionDevice, kernels: KernelChange) {
    this.#host = host;
    this.#device = device;
    this.#kernels = kernels;
    this.#models = new ModelCache(host.reader);
    this.#folders = (folder) =>
      loadModelFolder(
        host.reader(folder, () => undefined),
        { scalar: true },
      );
  }

  /** Never rejects: nobody asked for a run yet, and a run that meets the same problem will report it. */
  warmUp(experiment: Experiment): void {
    const asked = Promise.all([this.#device.toWarm(), this.#models.load(experiment.policy)])
      .then(([gpu, model]) => warmUp(gpu, experiment, model, this.#folders))
      .then(
        ({ compiled }) => void compiled.catch(() => undefined),
        () => undefined,
      );
    this.#warming = { policy: experiment.policy, asked };
  }

  /** Prepares a run for its first step. @throws BadConfig, BadFile, NoWebGpu, OutOfMemory */
  async arm(run: GroupRun): Promise<Arm> {
    const { policy } = run.experiment;
    const model = await this.#models.load(policy, (done, total) =>
      this.#host.post({
        type: 'progress',
        runId: run.id,
        progress: { what: 'model', label: `Loading ${policy}`, done, total },
      }),
    );
    // The warm-up's kernels are requested before memory is allocated, because allocation keeps the device busy for a while.
    if (this.#warming?.policy === policy) await this.#warming.asked;
    return Arm.create(this.#host, run, model, this.#kernels.inUse);
  }
}
