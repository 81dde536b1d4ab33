/**
 * One run of a group: its runner, what it has posted, and a copy of its state on the host, from which it is brought back when the
 * device is lost. The group's loop decides when it does a step. Nothing else in the lab touches a runner.
 */
import { badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import {
  type FileReader,
  type LoadedModel,
  type LoadOptions,
  loadModelFolder,
} from '../model/load.ts';
import { saveParameters } from '../model/weights.ts';
import type { Evaluation } from '../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { ChangedKernelUse, Manifest } from '../rl/records.ts';
import type { MemoryWish } from '../rl/run/memory-plan.ts';
import { Runner, type StepResult } from '../rl/run/runner.ts';
import { chainHash } from '../rl/step-metrics.ts';
import { warmStartTasks } from '../rl/warm-start.ts';

import { type ChangedKernel, usesAfter } from './changed-kernels.ts';
import { copyOf, type HostCopy } from './host-copy.ts';
import { createManifest, planNumbers } from './manifest.ts';
import type { PhaseGate } from './phase-gate.ts';
import type { ExportedModel, GroupRun, LabEvent, Progress } from './protocol.ts';
import { createReceivers, type OpenOnnx } from './receivers.ts';
import type { StoredArm } from './stored-arm.ts';

/** What a run needs from its surroundings. */
export interface ArmHost {
  readonly post: (event: LabEvent, transfer?: ArrayBuffer[]) => void;
  /** Reads files of a bundled policy and reports bytes as they arrive. */
  readonly reader: (policy: string, onBytes: (done: number, total: number) => void) => FileReader;
  /** Opens a bundled model, or the user's own, in an ONNX runtime beside the GPU; absent if there is none. */
  readonly openReceiver?: OpenOnnx;
  readonly clock: () => number;
}

/** Number of latest rows whose hashes are kept: more than the steps that are ever repeated after a failure. */
const HASHES = 32;

export class Arm {
  readonly id: string;
  /** Steps whose events were posted. */
  reported = -1;
  readonly #host: ArmHost;
  readonly #model: LoadedModel;
  #runner: Runner;
  #manifest: Manifest;
  #changed: readonly ChangedKernelUse[] = [];
  /** For each of the latest steps, the hash of all rows up to it. */
  readonly #hashes: { readonly step: number; readonly hash: string }[] = [];
  #gpu: Gpu;
  #copy: HostCopy;
  /** Live settings that were changed since the copy was made, in order. `step` is the first step with the new value. */
  #changes: { readonly step: number; readonly path: string; readonly value: unknown }[] = [];
  /** The step that the run was at when its device was lost; 0 unless it has still to be brought back there. */
  #lostAt = 0;
  #destroyed = false;

  private constructor(
    host: ArmHost,
    id: string,
    model: LoadedModel,
    { gpu, runner, manifest }: Prepared,
    copy: HostCopy,
  ) {
    this.id = id;
    this.#gpu = gpu;
    this.#host = host;
    this.#model = model;
    this.#runner = runner;
    this.#manifest = manifest;
    this.#copy = copy;
  }

  /**
   * Compiles and allocates, and reports its progress.
   * @param kernels the changed kernels that the device uses
   * @param stored where the run goes on from; null for its beginning
   * @throws BadConfig, BadFile, OutOfMemory, DeviceLost
   */
  static async create(
    host: ArmHost,
    gpu: Gpu,
    { id, experiment }: GroupRun,
    model: LoadedModel,
    kernels: readonly ChangedKernel[],
    stored: StoredArm | null = null,
  ): Promise<Arm> {
    const begun = stored?.copy.experiment ?? experiment;
    const prepared = await prepare(host, gpu, id, begun, model, stored?.wish);
    try {
      if (stored) await prepared.runner.restore(stored.copy.state);
      const copy = stored?.copy ?? (await copyOf(prepared.runner));
      const arm = new Arm(host, id, model, prepared, copy);
      if (stored) arm.#goOnFrom(stored);
      arm.noteKernels(kernels);
      return arm;
    } catch (error) {
      prepared.runner.destroy();
      throw error;
    }
  }

  /** Steps done. */
  get step(): number {
    return this.#runner.step;
  }

  get finished(): boolean {
    return this.#runner.finished;
  }

  /** Whether a failed step can be tried again, because the failure left the policy as it was. */
  get whole(): boolean {
    return this.#runner.whole;
  }

  /** Posts the row of step 0, if it is due and not posted yet. */
  async baseline(signal: AbortSignal): Promise<StepResult | null> {
    return this.reported < 0 ? this.#runner.baseline(signal) : null;
  }

  /** Does one step; where the gate holds, it waits after each phase, which is posted. @throws what the runner throws */
  next(signal: AbortSignal, gate?: PhaseGate): Promise<StepResult> {
    if (!gate) return this.#runner.next(signal);
    const gpu = this.#gpu;
    return this.#runner.next(signal, {
      // A dead device has nothing to tell of a step that is done again on another.
      wanted: () => gate.holds && !gpu.failure,
      tell: async (report) => {
        this.#host.post({ type: 'phase', runId: this.id, ...report });
        await gate.wait(signal);
      },
    });
  }

  /** Compiles all that a step needs. @throws ShaderError */
  compile(): Promise<void> {
    return this.#runner.compile();
  }

  /** Changes a live setting from the next step on, and posts the change. @throws BadConfig */
  set(path: string, value: unknown): void {
    this.#runner.set(path, value);
    this.#changes.push({ step: this.step + 1, path, value });
    this.#host.post({ type: 'changed', runId: this.id, step: this.step + 1, path, value });
  }

  /** The current model as the bytes of a model.safetensors. @throws BadConfig where the run trains no reward model */
  async exportModel(model: ExportedModel = 'policy'): Promise<ArrayBuffer> {
    if (model === 'policy')
      return saveParameters(this.#model.layout, await this.#runner.parameters()).slice().buffer;
    const [reward] = await this.#runner.rewardModels();
    if (!reward) throw badConfig('method.name', 'This run trains no reward model');
    return saveParameters(reward.layout, reward.parameters, reward.scalar).slice().buffer;
  }

  /** Evaluates the policy as ordered. @throws what its receivers throw; Cancelled */
  async evaluate(
    order: EvaluationOrder,
    options: Parameters<Runner['evaluate']>[1],
  ): Promise<Evaluation> {
    const { policy } = this.#runner.experiment;
    const trainedOn = await warmStartTasks(this.#host.reader(policy, () => undefined));
    return this.#runner.evaluate(order, { ...options, ...(trainedOn && { trainedOn }) });
  }

  /** Posts a step, unless it was posted before. */
  async report(result: StepResult | null): Promise<void> {
    if (!result) return;
    const { step } = result.metrics;
    if (step <= this.reported) return;
    const hash = await chainHash(this.#hashes.at(-1)?.hash ?? '', result.metrics);
    this.#hashes.push({ step, hash });
    if (this.#hashes.length > HASHES) this.#hashes.shift();
    this.reported = step;
    this.#host.post({
      type: 'step',
      runId: this.id,
      ...result,
      gpuBytes: this.#runner.gpuBytes,
      hash,
    });
  }

  #goOnFrom({ reported, hash, changed, copy: { step } }: StoredArm): void {
    this.reported = reported;
    this.#changed = changed;
    if (hash !== '') this.#hashes.push({ step, hash });
  }

  /** Whether all that the state knows of was posted: no step is half done, and none was undone. */
  get settled(): boolean {
    return this.step === Math.max(this.reported, 0);
  }

  /** Whether the copy on the host is the present state, with the present settings. */
  get copied(): boolean {
    return this.#copy.step === this.step && this.#changes.length === 0;
  }

  /** The copy on the host, and the hash of all rows up to it. Nobody changes it. */
  get copy(): HostCopy & { readonly hash: string } {
    const { step } = this.#copy;
    return { ...this.#copy, hash: this.#hashes.find((row) => row.step === step)?.hash ?? '' };
  }

  /** Copies the state to the host. */
  async keep(): Promise<void> {
    const gpu = this.#gpu;
    const copy = await copyOf(this.#runner);
    gpu.assertAlive();
    this.#copy = copy;
    this.#changes = [];
  }

  /**
   * Makes the step that the runner went back to after a failure the last one: later rows are computed and posted again.
   * Without such a step, nothing changes.
   */
  async goBack(): Promise<void> {
    if (this.step >= this.reported) return;
    await this.keep();
    this.reported = this.step;
    while ((this.#hashes.at(-1)?.step ?? -1) > this.step) this.#hashes.pop();
  }

  /** Posts the manifest, which says which changed kernels compute the rows from here on. */
  noteKernels(kernels: readonly ChangedKernel[]): void {
    // A step that is done but not posted still has to be evaluated.
    const next = Math.min(this.step, this.reported) + 1;
    this.#changed = usesAfter(this.#changed, kernels, next);
    this.#postManifest();
  }

  #postManifest(): void {
    const changed = this.#changed.length > 0 && { changed_kernels: this.#changed };
    const manifest = { ...this.#manifest, ...changed };
    this.#host.post({ type: 'manifest', runId: this.id, manifest });
  }

  /**
   * Brings the run back to where it was, on another device: restores the last copy, and does the steps since then again. Nothing of
   * them is posted, because their bits are the same.
   * @throws what the runner throws; a later call then tries it again
   */
  async reopen(gpu: Gpu, signal: AbortSignal): Promise<void> {
    // A step that was trained and not evaluated to its end is done again as a whole.
    this.#lostAt = Math.max(this.#lostAt, Math.min(this.step, Math.max(this.reported, 0)));
    this.destroy();
    const { experiment, state } = this.#copy;
    this.#tellReturn(this.#copy.step);
    // Cut as before, whatever the new device has, so that the run goes on with the same bits.
    const { microBatchTokens } = this.#runner.plan;
    const prepared = await prepare(this.#host, gpu, this.id, experiment, this.#model, {
      microBatchTokens,
    });
    const { runner, manifest } = prepared;
    try {
      await runner.restore(state);
      await this.#repeat(runner, signal);
      // Whoever waited for this may have been told of a loss, and have begun anew on yet another device.
      gpu.assertAlive();
    } catch (error) {
      runner.destroy();
      throw error;
    }
    this.#gpu = gpu;
    this.#runner = runner;
    this.#destroyed = false;
    this.#lostAt = 0;
    this.#manifest = manifest;
    this.#postManifest();
  }

  /** Does the steps since the last copy again, each with the live settings that it had. */
  async #repeat(runner: Runner, signal: AbortSignal): Promise<void> {
    const changes = [...this.#changes];
    for (;;) {
      while (changes.length > 0 && changes[0].step <= runner.step + 1) {
        const [{ path, value }] = changes.splice(0, 1);
        runner.set(path, value);
      }
      this.#tellReturn(runner.step);
      if (runner.step >= this.#lostAt) return;
      await runner.next(signal);
    }
  }

  #tellReturn(at: number): void {
    const { step } = this.#copy;
    const label = `The GPU was lost; going on from step ${step}`;
    const [done, total] = [at - step, Math.max(this.#lostAt - step, 1)];
    tell(this.#host, this.id, { what: 'memory', label, done, total });
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#runner.destroy();
  }
}

function tell({ post }: ArmHost, runId: string, progress: Progress): void {
  post({ type: 'progress', runId, progress });
}

interface Prepared {
  readonly gpu: Gpu;
  readonly runner: Runner;
  /** Without changed kernels. */
  readonly manifest: Manifest;
}

async function prepare(
  host: ArmHost,
  gpu: Gpu,
  runId: string,
  experiment: Experiment,
  model: LoadedModel,
  wish: MemoryWish = {},
): Promise<Prepared> {
  const { openReceiver, reader, clock } = host;
  // A lost device has nothing to tell about the run that has moved to another.
  gpu.onCompile = ({ done, total }) => {
    if (!gpu.failure)
      tell(host, runId, { what: 'pipelines', label: 'Compiling kernels', done, total });
  };
  const load = (folder: string, options: LoadOptions = {}) =>
    loadModelFolder(
      reader(folder, (done, total) =>
        tell(host, runId, { what: 'model', label: `Loading ${folder}`, done, total }),
      ),
      options,
    );
  const runner = await Runner.create(gpu, experiment, model, {
    ...{ clock, ...wish },
    models: (folder) => load(folder, { scalar: true }),
    receivers: createReceivers({
      gpu,
      policy: model,
      fp16: experiment.method.fp16,
      load,
      ...(openReceiver && {
        openOnnx: (receiver, backend) =>
          openReceiver(receiver === 'policy' ? experiment.policy : receiver, backend),
      }),
    }),
  });
  try {
    await runner.prepare();
    const { plan, memory, learnerHashes } = runner;
    const described = [model.hash, planNumbers(plan), memory, learnerHashes] as const;
    return { gpu, runner, manifest: await createManifest(gpu, experiment, ...described) };
  } catch (error) {
    runner.destroy();
    throw error;
  }
}
