/**
 * Runs experiments for a page: commands in, events out, one run at a time. It owns the device and the trainer, and decides when
 * a step is done; what a step does, it does not know. Knows neither workers nor the DOM, so that it can be tested in Node.
 */
import { BatonError, toReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { type FileReader, type LoadedModel, loadModelFolder } from '../model/load.ts';
import type { Receiver } from '../model/receiver.ts';
import { saveParameters } from '../model/weights.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { chainHash } from '../rl/step-metrics.ts';
import { type StepResult, Trainer, type TrainerState } from '../rl/trainer.ts';
import { createManifest, planNumbers } from './manifest.ts';
import type { AdapterInfo, LabCommand, LabEvent, LabState, Progress } from './protocol.ts';
import { createReceivers } from './receivers.ts';

export interface SessionOptions {
  readonly post: (event: LabEvent, transfer?: ArrayBuffer[]) => void;
  /** @throws NoWebGpu */
  readonly openGpu: () => Promise<Gpu>;
  /** Reads files of a bundled policy, telling bytes as they come. */
  readonly reader: (policy: string, onBytes: (done: number, total: number) => void) => FileReader;
  /** Takes the right to train in this browser; null where another tab has it. Returns how to give it back. */
  readonly lock: () => Promise<(() => void) | null>;
  /** Opens a bundled model in an ONNX runtime beside the GPU; absent where there is none. */
  readonly openReceiver?: (id: string) => Promise<Receiver>;
  readonly clock: () => number;
  readonly version: string;
}

/** Steps between copies of the state to the host, from which a lost device is recovered. */
const CHECKPOINT_STEPS = 10;
/** A device that is lost more often than this in one run is not tried again. */
const MAX_RECOVERIES = 2;

interface Run {
  readonly id: string;
  readonly abort: AbortController;
  model: LoadedModel;
  trainer: Trainer;
  checkpoint: TrainerState;
  /** The experiment as it was at the checkpoint, live settings included. */
  checkpointExperiment: Experiment;
  hash: string;
  /** Steps whose events were posted; steps done again after a lost device are not posted twice. */
  reported: number;
  recoveries: number;
  /** True while the loop of steps runs. */
  busy: boolean;
  /** Steps and evaluations take turns: they share one generator. */
  turn: Promise<unknown>;
  /** Ends the evaluations that were asked for. */
  evaluations: AbortController;
  halt: boolean;
}

export class Session {
  readonly #options: SessionOptions;
  #gpu: Promise<Gpu> | null = null;
  #run: Run | null = null;
  /** The run that is being prepared or under way; commands of another are late and ignored. */
  #current = '';
  #release: (() => void) | null = null;
  /** Commands are handled one after the other, except that nothing waits for a loop of steps. */
  #queue: Promise<void> = Promise.resolve();
  /** The newest run that was asked for, whether or not its turn has come. */
  #asked = '';
  /** A pause that came while the run was being prepared. */
  #haltWhenReady = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  handle(command: LabCommand): void {
    if ((command.type === 'run' || command.type === 'step') && command.runId !== this.#asked) {
      this.#asked = command.runId;
      this.#haltWhenReady = false;
    }
    if (command.type === 'pause') this.#pause(command.runId);
    if (command.type === 'stop' && command.runId === this.#current) this.#run?.abort.abort();
    this.#queue = this.#queue
      .then(() => this.#dispatch(command))
      .catch((error: unknown) => this.#fail(this.#current, error));
  }

  async #dispatch(command: LabCommand): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.#open();
        return;
      case 'run':
        await this.#start(command.runId, command.experiment, false);
        return;
      case 'step':
        if (this.#run?.id === command.runId) this.#go(this.#run, true);
        else await this.#start(command.runId, command.experiment, true);
        return;
      case 'resume':
        if (this.#run?.id === command.runId) this.#go(this.#run, false);
        return;
      case 'pause':
        return;
      case 'stop':
        if (command.runId === this.#current) await this.#stop();
        return;
      case 'set':
        this.#set(command.runId, command.path, command.value);
        return;
      case 'export-model':
        await this.#export(command.runId);
        return;
      case 'evaluate':
        // Not waited for: a pause or a stop must not have to.
        if (this.#run?.id === command.runId) void this.#evaluate(this.#run, command);
        return;
      case 'cancel-evaluation':
        if (this.#run?.id === command.runId) {
          this.#run.evaluations.abort();
          this.#run.evaluations = new AbortController();
        }
        return;
      default:
        command satisfies never;
    }
  }

  async #open(): Promise<void> {
    try {
      const gpu = await this.#device();
      this.#options.post({
        type: 'opened',
        adapter: adapterInfo(gpu),
        version: this.#options.version,
      });
    } catch (error) {
      this.#gpu = null;
      this.#options.post({ type: 'no-gpu', error: toReport(error) });
    }
  }

  #device(): Promise<Gpu> {
    this.#gpu ??= this.#options.openGpu();
    return this.#gpu;
  }

  async #start(id: string, experiment: Experiment, once: boolean): Promise<void> {
    await this.#stop();
    this.#current = id;
    this.#state(id, 'preparing', 0);
    try {
      await this.#takeLock();
      const abort = new AbortController();
      const model = await loadModelFolder(
        this.#options.reader(experiment.policy, (done, total) =>
          this.#progress(id, 'model', `Loading ${experiment.policy}`, done, total),
        ),
      );
      const trainer = await this.#prepare(id, experiment, model);
      this.#run = {
        id,
        abort,
        model,
        trainer,
        checkpoint: await trainer.state(),
        checkpointExperiment: experiment,
        hash: '',
        reported: -1,
        recoveries: 0,
        busy: false,
        turn: Promise.resolve(),
        evaluations: new AbortController(),
        halt: false,
      };
      if (this.#haltWhenReady) this.#state(id, 'paused', 0);
      else this.#go(this.#run, once);
    } catch (error) {
      this.#fail(id, error);
    }
  }

  /** Compiles and allocates, telling how far it is. */
  async #prepare(id: string, experiment: Experiment, model: LoadedModel): Promise<Trainer> {
    const gpu = await this.#device();
    gpu.onCompile = ({ done, total }) =>
      this.#progress(id, 'pipelines', 'Compiling kernels', done, total);
    const load = (receiver: string) =>
      loadModelFolder(
        this.#options.reader(receiver, (done, total) =>
          this.#progress(id, 'model', `Loading ${receiver}`, done, total),
        ),
      );
    const { openReceiver } = this.#options;
    const trainer = await Trainer.create(gpu, experiment, model, {
      clock: this.#options.clock,
      receivers: createReceivers({
        gpu,
        policy: model,
        load,
        ...(openReceiver && {
          openOnnx: (receiver: string) =>
            openReceiver(receiver === 'policy' ? experiment.policy : receiver),
        }),
      }),
    });
    await trainer.prepare();
    const numbers = planNumbers(trainer.plan);
    const manifest = await createManifest(gpu, experiment, model.hash, numbers);
    this.#options.post({ type: 'manifest', runId: id, manifest });
    return trainer;
  }

  /** Starts the loop of steps, or one step; not waited for. */
  #go(run: Run, once: boolean): void {
    run.halt = once;
    if (run.busy) return;
    run.busy = true;
    this.#state(run.id, 'running', run.trainer.step);
    void this.#loop(run)
      .catch((error: unknown) => this.#fail(run.id, error))
      .finally(() => {
        run.busy = false;
      });
  }

  async #loop(run: Run): Promise<void> {
    const { signal } = run.abort;
    try {
      if (run.reported < 0) {
        await this.#report(run, await takeTurn(run, () => run.trainer.baseline(signal)));
      }
      while (!run.trainer.finished) {
        const result = await takeTurn(run, () => this.#stepOrRecover(run));
        if (signal.aborted) return;
        await this.#report(run, result);
        if (run.trainer.step % CHECKPOINT_STEPS === 0) await this.#keep(run);
        if (run.halt && run.trainer.step >= run.reported && !run.trainer.finished) {
          this.#state(run.id, 'paused', run.trainer.step);
          return;
        }
      }
      this.#state(run.id, 'finished', run.trainer.step);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #keep(run: Run): Promise<void> {
    run.checkpoint = await run.trainer.state();
    run.checkpointExperiment = run.trainer.experiment;
  }

  /** One step; a lost device is opened again and the run goes on from its last copy on the host. */
  async #stepOrRecover(run: Run): Promise<StepResult> {
    try {
      return await run.trainer.next(run.abort.signal);
    } catch (error) {
      const lost = error instanceof BatonError && error.kind === 'DeviceLost';
      if (!lost || run.recoveries >= MAX_RECOVERIES) throw error;
      run.recoveries += 1;
      this.#gpu = null;
      this.#progress(
        run.id,
        'memory',
        `The GPU was lost; going on from step ${run.checkpoint.step}`,
        0,
        1,
      );
      run.trainer = await this.#prepare(run.id, run.checkpointExperiment, run.model);
      run.trainer.restore(run.checkpoint);
      this.#options.post({
        type: 'opened',
        adapter: adapterInfo(await this.#device()),
        version: this.#options.version,
      });
      return await this.#stepOrRecover(run);
    }
  }

  async #report(run: Run, result: StepResult | null): Promise<void> {
    if (!result) return;
    const { step } = result.metrics;
    if (step <= run.reported) return;
    run.hash = await chainHash(run.hash, result.metrics);
    run.reported = step;
    this.#options.post({
      type: 'step',
      runId: run.id,
      ...result,
      gpuBytes: run.trainer.gpuBytes,
      hash: run.hash,
    });
  }

  #pause(runId: string): void {
    if (runId === this.#asked) this.#haltWhenReady = true;
    if (this.#run?.id === runId) this.#run.halt = true;
  }

  async #stop(): Promise<void> {
    const run = this.#run;
    const id = this.#current;
    this.#run = null;
    this.#current = '';
    if (run) {
      run.abort.abort();
      while (run.busy) await afterMessages();
      await run.turn;
      run.trainer.destroy();
    }
    this.#release?.();
    this.#release = null;
    if (id) this.#state(id, 'idle', 0);
  }

  async #takeLock(): Promise<void> {
    if (this.#release) return;
    this.#release = await this.#options.lock();
    if (this.#release) return;
    throw new BatonError({
      kind: 'Busy',
      message: 'Another tab is training',
      remedy:
        'Two runs would fight for one GPU. Pause and close the other tab, then press Run again.',
    });
  }

  #set(runId: string, path: string, value: unknown): void {
    const run = this.#run;
    if (run?.id !== runId) return;
    run.trainer.set(path, value);
    this.#options.post({ type: 'changed', runId, step: run.trainer.step + 1, path, value });
  }

  async #export(runId: string): Promise<void> {
    const run = this.#run;
    if (run?.id !== runId) return;
    const bytes = saveParameters(run.model.layout, await run.trainer.parameters());
    const { buffer } = bytes.slice();
    this.#options.post({ type: 'model', runId, bytes: buffer }, [buffer]);
  }

  /** Carries out an order in its turn. A failure is the order's alone: the run goes on. */
  async #evaluate(
    run: Run,
    { id, order }: Extract<LabCommand, { type: 'evaluate' }>,
  ): Promise<void> {
    const about = { runId: run.id, id };
    const signal = AbortSignal.any([run.abort.signal, run.evaluations.signal]);
    const onProgress = (done: number, total: number) =>
      this.#options.post({ type: 'evaluating', ...about, done, total });
    try {
      const { step, evaluation } = await takeTurn(run, async () => {
        throwIfAborted(signal);
        const { step } = run.trainer;
        return { step, evaluation: await run.trainer.evaluate(order, { signal, onProgress }) };
      });
      this.#options.post({ type: 'evaluated', ...about, step, evaluation });
    } catch (error) {
      this.#options.post({ type: 'not-evaluated', ...about, error: toReport(error) });
    }
  }

  #fail(runId: string, error: unknown): void {
    const report = toReport(error);
    if (report.kind === 'DeviceLost' || report.kind === 'GpuError') this.#gpu = null;
    this.#options.post({
      type: 'failed',
      runId,
      error: report,
      step: this.#run?.trainer.step ?? 0,
    });
  }

  #state(runId: string, state: LabState, step: number): void {
    this.#options.post({ type: 'state', runId, state, step });
  }

  #progress(
    runId: string,
    what: Progress['what'],
    label: string,
    done: number,
    total: number,
  ): void {
    this.#options.post({ type: 'progress', runId, progress: { what, label, done, total } });
  }
}

/** Does work once all that was begun before is done, whatever became of it. */
function takeTurn<T>(run: Run, work: () => Promise<T>): Promise<T> {
  const mine = run.turn.then(work);
  run.turn = mine.catch(() => undefined);
  return mine;
}

function throwIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new BatonError({
    kind: 'Cancelled',
    message: 'The evaluation was given up',
    remedy: 'The run goes on as it was.',
  });
}

/** After what is queued now, without a timer (timers of hidden tabs are slow): a message to ourselves. */
function afterMessages(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

function adapterInfo(gpu: Gpu): AdapterInfo {
  const { name, software, profile, features, limits } = gpu.info;
  return { name, software, profile, features, limits };
}
