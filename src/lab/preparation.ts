/** Prepares runs, on request or ahead of one: loads their policies and compiles their kernels. */
import { toReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { loadModelFolder } from '../model/load.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { memoryOf } from '../rl/run/open.ts';
import type { Models } from '../rl/run/origin.ts';
import { warmUp } from '../rl/run/warm-up.ts';
import { Arm, type ArmHost } from './arm.ts';
import type { SessionDevice } from './device.ts';
import { Group } from './group.ts';
import type { KernelChange } from './kernel-change.ts';
import { isLoss, LostTooOften, MAX_LOSSES } from './loss.ts';
import { ModelCache } from './model-cache.ts';
import type { GroupRun, PlannedMemory } from './protocol.ts';
import type { StoredRun } from './run-store/read-stored.ts';
import { storedArm } from './stored-arm.ts';
import { whileAlive } from './while-alive.ts';

const AGAIN = 'The GPU was lost; preparing again';

export class Preparation {
  readonly #host: ArmHost;
  readonly #device: SessionDevice;
  readonly #kernels: KernelChange;
  readonly #models: ModelCache;
  /** Opens the folders that further learners start from. */
  readonly #folders: Models;
  /** The newest warm-up: resolves once all its kernels were requested. */
  #warming: { readonly policy: string; readonly asked: Promise<void> } | null = null;

  /** The newest experiment whose memory was asked for. */
  #planning: Experiment | null = null;

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

  /** Posts what a run would hold. Never rejects: where there is no device or no policy, a run will say so. */
  async plan(experiment: Experiment): Promise<void> {
    this.#planning = experiment;
    const device = await this.#device.toWarm().catch(() => null);
    const model = await this.#models.load(experiment.policy).catch(() => null);
    if (device === null || model === null || this.#planning !== experiment) return;
    const answer = await this.#planned(experiment);
    if (this.#planning === experiment) this.#host.post({ type: 'planned', ...answer });
  }

  /** Posts what each of several runs would hold, or why it would not start. Never rejects. */
  async estimate(id: number, experiments: readonly Experiment[]): Promise<void> {
    const planned: PlannedMemory[] = [];
    for (const experiment of experiments) planned.push(await this.#planned(experiment));
    this.#host.post({ type: 'estimated', id, planned });
  }

  async #planned(experiment: Experiment): Promise<PlannedMemory> {
    try {
      const { info } = await this.#device.toWarm();
      const model = await this.#models.load(experiment.policy);
      const { memory } = await memoryOf(info, experiment, model, this.#folders, {});
      return { memory, error: null };
    } catch (error) {
      return { memory: null, error: toReport(error) };
    }
  }

  /**
   * Prepares runs for their next steps, all on one device, and all again on another where that one is lost meanwhile.
   * @param onRun called with the id of the run whose preparation begins
   * @param stored where the runs go on from, in their order; null for their beginnings
   * @throws BadConfig, BadFile, NoWebGpu, OutOfMemory, NotBack, LostTooOften
   */
  async group(
    id: string,
    runs: readonly GroupRun[],
    onRun: (id: string) => void,
    stored: readonly StoredRun[] | null = null,
  ): Promise<Group> {
    for (let losses = 0; ; ) {
      const gpu = await this.#device.get();
      try {
        const arms = () => this.#arms(gpu, runs, onRun, stored);
        return new Group(id, await whileAlive(gpu, arms), gpu);
      } catch (error) {
        if (!isLoss(error)) throw error;
        losses += 1;
        if (losses > MAX_LOSSES) throw new LostTooOften(losses, error);
        const progress = { what: 'memory', label: AGAIN, done: 0, total: 1 } as const;
        this.#host.post({ type: 'progress', runId: runs[0].id, progress });
      }
    }
  }

  async #arms(
    gpu: Gpu,
    runs: readonly GroupRun[],
    onRun: (id: string) => void,
    stored: readonly StoredRun[] | null,
  ): Promise<Arm[]> {
    const arms: Arm[] = [];
    // On another adapter the bits differ anyway, and its own choice is faster.
    const begun = stored?.[0].manifest;
    if (begun?.adapter === gpu.info.name) this.#kernels.adopt(gpu, begun.variants);
    try {
      for (const [i, run] of runs.entries()) {
        gpu.assertAlive();
        onRun(run.id);
        arms.push(await this.#arm(gpu, run, stored?.[i] ?? null));
      }
      // Nobody waits for what was prepared on a lost device.
      gpu.assertAlive();
      return arms;
    } catch (error) {
      for (const arm of arms) arm.destroy();
      throw error;
    }
  }

  async #arm(gpu: Gpu, run: GroupRun, stored: StoredRun | null): Promise<Arm> {
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
    const from = stored && (await storedArm(stored, model, this.#folders));
    return Arm.create(this.#host, gpu, run, model, this.#kernels.inUse, from);
  }
}
