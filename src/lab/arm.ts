/**
 * One training run of a session: its trainer, what it has told, and the copy on the host that a lost device leads back to. When
 * a step is done, and of which run, the session decides.
 */
import type { Gpu } from '../gpu/gpu.ts';
import { type FileReader, type LoadedModel, loadModelFolder } from '../model/load.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { chainHash } from '../rl/step-metrics.ts';
import { type StepResult, Trainer, type TrainerState } from '../rl/trainer.ts';
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

export class Arm {
  readonly id: string;
  readonly model: LoadedModel;
  /** Steps whose events were posted; steps done again after a lost device are not posted twice. */
  reported = -1;
  readonly #host: ArmHost;
  readonly #runId: string;
  #trainer: Trainer;
  #hash = '';
  #checkpoint: TrainerState;
  /** The experiment as it was at the checkpoint, live settings included. */
  #checkpointExperiment: Experiment;

  private constructor(
    host: ArmHost,
    ids: ArmIds,
    model: LoadedModel,
    trainer: Trainer,
    checkpoint: TrainerState,
  ) {
    this.id = ids.id;
    this.model = model;
    this.#host = host;
    this.#runId = ids.runId;
    this.#trainer = trainer;
    this.#checkpoint = checkpoint;
    this.#checkpointExperiment = trainer.experiment;
  }

  /** Compiles and allocates, telling how far it is. @throws BadConfig, BadFile, OutOfMemory */
  static async create(
    host: ArmHost,
    ids: ArmIds,
    experiment: Experiment,
    model: LoadedModel,
  ): Promise<Arm> {
    const trainer = await prepare(host, ids, experiment, model);
    return new Arm(host, ids, model, trainer, await trainer.state());
  }

  get trainer(): Trainer {
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
    this.#hash = await chainHash(this.#hash, result.metrics);
    this.reported = step;
    this.#host.post({
      type: 'step',
      runId: this.id,
      ...result,
      gpuBytes: this.#trainer.gpuBytes,
      hash: this.#hash,
    });
  }

  /** Copies the state to the host. */
  async keep(): Promise<void> {
    this.#checkpoint = await this.#trainer.state();
    this.#checkpointExperiment = this.#trainer.experiment;
  }

  /** Goes back to the last copy, on the host's new device. */
  async reopen(): Promise<void> {
    const { step } = this.#checkpoint;
    const label = `The GPU was lost; going on from step ${step}`;
    tell(this.#host, this.#runId, { what: 'memory', label, done: 0, total: 1 });
    const ids = { id: this.id, runId: this.#runId };
    this.#trainer = await prepare(this.#host, ids, this.#checkpointExperiment, this.model);
    this.#trainer.restore(this.#checkpoint);
  }

  destroy(): void {
    this.#trainer.destroy();
  }
}

function tell({ post }: ArmHost, runId: string, progress: Progress): void {
  post({ type: 'progress', runId, progress });
}

async function prepare(
  host: ArmHost,
  { id, runId }: ArmIds,
  experiment: Experiment,
  model: LoadedModel,
): Promise<Trainer> {
  const { openReceiver, reader, clock, post } = host;
  const gpu = await host.device();
  gpu.onCompile = ({ done, total }) =>
    tell(host, runId, { what: 'pipelines', label: 'Compiling kernels', done, total });
  const load = (receiver: string) =>
    loadModelFolder(
      reader(receiver, (done, total) =>
        tell(host, runId, { what: 'model', label: `Loading ${receiver}`, done, total }),
      ),
    );
  const trainer = await Trainer.create(gpu, experiment, model, {
    clock,
    receivers: createReceivers({
      gpu,
      policy: model,
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
    const manifest = await createManifest(gpu, experiment, model.hash, numbers);
    post({ type: 'manifest', runId: id, manifest });
    return trainer;
  } catch (error) {
    trainer.destroy();
    throw error;
  }
}
