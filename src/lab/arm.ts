/**
 * One training run of a session: its trainer, what it has told, and the copy on the host that a lost device leads back to. When
 * a step is done, and of which run, the session decides.
 */
import type { Gpu } from '../gpu/gpu.ts';
import { type FileReader, type LoadedModel, loadModelFolder } from '../model/load.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { ChangedKernelUse, Manifest } from '../rl/records.ts';
import { Runner, type RunState, type StepResult } from '../rl/run/runner.ts';
import { chainHash } from '../rl/step-metrics.ts';
import { type ChangedKernel, usesAfter } from './changed-kernels.ts';
import { createManifest, planNumbers } from './manifest.ts';
import type { LabEvent, Progress } from './protocol.ts';
import { createReceivers, type OpenOnnx } from './receivers.ts';

/** What a run needs of the world. */
export interface ArmHost {
  readonly post: (event: LabEvent, transfer?: ArrayBuffer[]) => void;
  /** The device in use. @throws NoWebGpu */
  readonly device: () => Promise<Gpu>;
  /** Reads files of a bundled policy, telling bytes as they come. */
  readonly reader: (policy: string, onBytes: (done: number, total: number) => void) => FileReader;
  /** Opens a bundled model, or a person's own, in an ONNX runtime beside the GPU; absent where there is none. */
  readonly openReceiver?: OpenOnnx;
  readonly clock: () => number;
}

/** `id` is the arm's own, `runId` that of the run it is part of: progress is the run's. */
export interface ArmIds {
  readonly id: string;
  readonly runId: string;
}

/** Hashes kept of the last rows: more than steps are ever done again after a failure. */
const HASHES = 32;

export class Arm {
  readonly id: string;
  readonly model: LoadedModel;
  /** Steps whose events were posted; steps done again after a lost device are not posted twice. */
  reported = -1;
  readonly #host: ArmHost;
  readonly #runId: string;
  #trainer: Runner;
  #manifest: Manifest;
  #changed: readonly ChangedKernelUse[] = [];
  /** Hash of all rows up to a step, for the last rows. */
  readonly #hashes: { readonly step: number; readonly hash: string }[] = [];
  #checkpoint: RunState;
  /** The experiment as it was at the checkpoint, live settings included. */
  #checkpointExperiment: Experiment;

  private constructor(
    host: ArmHost,
    ids: ArmIds,
    model: LoadedModel,
    { trainer, manifest }: Prepared,
    checkpoint: RunState,
  ) {
    this.id = ids.id;
    this.model = model;
    this.#host = host;
    this.#runId = ids.runId;
    this.#trainer = trainer;
    this.#manifest = manifest;
    this.#checkpoint = checkpoint;
    this.#checkpointExperiment = trainer.experiment;
  }

  /**
   * Compiles and allocates, telling how far it is.
   * @param kernels the changed kernels that the device uses
   * @throws BadConfig, BadFile, OutOfMemory
   */
  static async create(
    host: ArmHost,
    ids: ArmIds,
    experiment: Experiment,
    model: LoadedModel,
    kernels: readonly ChangedKernel[],
  ): Promise<Arm> {
    const prepared = await prepare(host, ids, experiment, model);
    const arm = new Arm(host, ids, model, prepared, await prepared.trainer.state());
    arm.noteKernels(kernels);
    return arm;
  }

  get trainer(): Runner {
    return this.#trainer;
  }

  /** Steps done. */
  get step(): number {
    return this.#trainer.step;
  }

  /** Posts a step that was not posted before. */
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
      gpuBytes: this.#trainer.gpuBytes,
      hash,
    });
  }

  /** Copies the state to the host. */
  async keep(): Promise<void> {
    this.#checkpoint = await this.#trainer.state();
    this.#checkpointExperiment = this.#trainer.experiment;
  }

  /**
   * Takes the step that the trainer went back to after a failure as the last one: rows after it are computed and told again.
   * Without one, nothing changes.
   */
  async goBack(): Promise<void> {
    if (this.step >= this.reported) return;
    await this.keep();
    this.reported = this.step;
    while ((this.#hashes.at(-1)?.step ?? -1) > this.step) this.#hashes.pop();
  }

  /** Tells with the manifest which changed kernels compute the rows from here on. */
  noteKernels(kernels: readonly ChangedKernel[]): void {
    // A step that is done and not told yet has still to be evaluated.
    const next = Math.min(this.step, this.reported) + 1;
    this.#changed = usesAfter(this.#changed, kernels, next);
    this.#postManifest();
  }

  #postManifest(): void {
    const changed = this.#changed.length > 0 && { changed_kernels: this.#changed };
    const manifest = { ...this.#manifest, ...changed };
    this.#host.post({ type: 'manifest', runId: this.id, manifest });
  }

  /** Goes back to the last copy, on the host's new device. */
  async reopen(): Promise<void> {
    const { step } = this.#checkpoint;
    const label = `The GPU was lost; going on from step ${step}`;
    tell(this.#host, this.#runId, { what: 'memory', label, done: 0, total: 1 });
    const ids = { id: this.id, runId: this.#runId };
    const prepared = await prepare(this.#host, ids, this.#checkpointExperiment, this.model);
    this.#trainer = prepared.trainer;
    this.#manifest = prepared.manifest;
    this.#postManifest();
    this.#trainer.restore(this.#checkpoint);
  }

  destroy(): void {
    this.#trainer.destroy();
  }
}

function tell({ post }: ArmHost, runId: string, progress: Progress): void {
  post({ type: 'progress', runId, progress });
}

interface Prepared {
  readonly trainer: Runner;
  /** Without changed kernels. */
  readonly manifest: Manifest;
}

async function prepare(
  host: ArmHost,
  { runId }: ArmIds,
  experiment: Experiment,
  model: LoadedModel,
): Promise<Prepared> {
  const { openReceiver, reader, clock } = host;
  const gpu = await host.device();
  gpu.onCompile = ({ done, total }) =>
    tell(host, runId, { what: 'pipelines', label: 'Compiling kernels', done, total });
  const load = (receiver: string) =>
    loadModelFolder(
      reader(receiver, (done, total) =>
        tell(host, runId, { what: 'model', label: `Loading ${receiver}`, done, total }),
      ),
    );
  const trainer = await Runner.create(gpu, experiment, model, {
    clock,
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
    await trainer.prepare();
    const numbers = planNumbers(trainer.plan);
    return { trainer, manifest: await createManifest(gpu, experiment, model.hash, numbers) };
  } catch (error) {
    trainer.destroy();
    throw error;
  }
}
