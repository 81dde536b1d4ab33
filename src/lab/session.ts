/**
 * Runs experiments for a page: commands in, events out, one run at a time, or two side by side. It owns the device and the
 * trainers, and decides when a step is done; what a step does, it does not know. Knows neither workers nor the DOM, so that it
 * can be tested in Node.
 */
import { BatonError, type ErrorKind, type ErrorReport, toReport } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { saveParameters } from '../model/weights.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { StepResult } from '../rl/run/runner.ts';
import { warmUp } from '../rl/run/warm-up.ts';
import { Arm, type ArmHost } from './arm.ts';
import type { ChangedKernel } from './changed-kernels.ts';
import { KernelChange, suspecting } from './kernel-change.ts';
import { ModelCache } from './model-cache.ts';
import {
  type AdapterInfo,
  againstId,
  type BringReceiver,
  type LabCommand,
  type LabState,
} from './protocol.ts';
import { isLevel, nextArm, type Run, takeTurn } from './run.ts';

export interface SessionOptions extends Omit<ArmHost, 'device'> {
  /** @throws NoWebGpu */
  readonly openGpu: () => Promise<Gpu>;
  /** Chooses the kernels of a new device; nothing but a warm-up goes on before. */
  readonly tune?: (gpu: Gpu) => Promise<unknown>;
  /** Takes the right to train in this browser; null where another tab has it. Returns how to give it back. */
  readonly lock: () => Promise<(() => void) | null>;
  readonly version: string;
}

/** What is about runs. */
export type SessionCommand = Exclude<LabCommand, BringReceiver>;

/** Steps between copies of the state to the host, from which a lost device is recovered. */
const CHECKPOINT_STEPS = 10;
/** A device that is lost more often than this in one run is not tried again. */
const MAX_RECOVERIES = 2;

export class Session {
  readonly #options: SessionOptions;
  readonly #host: ArmHost;
  readonly #models: ModelCache;
  readonly #kernels = new KernelChange();
  /** Changed kernels that were asked for and wait for the end of a step. */
  #wanted: readonly ChangedKernel[] | null = null;
  #gpu: Promise<Gpu> | null = null;
  /** The same device, from before its kernels are chosen. */
  #untuned: Promise<Gpu> | null = null;
  /** The newest warm-up: resolves when its kernels were asked for. */
  #warming: { readonly policy: string; readonly asked: Promise<void> } | null = null;
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
    this.#host = { ...options, device: () => this.#device() };
    this.#models = new ModelCache(options.reader);
  }

  /** Begins to open the device before anybody asks; what goes wrong is told to who asks. */
  begin(): void {
    this.#device().catch(() => undefined);
  }

  handle(command: SessionCommand): void {
    if (command.type === 'warm-up') {
      // Beside the queue: a run that is asked for meanwhile finds what is done, and waits for the rest.
      if (this.#current === '') this.#warmUp(command.experiment);
      return;
    }
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

  async #dispatch(command: Exclude<SessionCommand, { type: 'warm-up' }>): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.#open();
        return;
      case 'run':
        await this.#start(command, false);
        return;
      case 'step':
        if (this.#run?.id === command.runId) this.#go(this.#run, true);
        else await this.#start(command, true);
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
      case 'kernels':
        this.#wanted = command.kernels;
        await this.#changeKernels();
        return;
      case 'export-model':
        await this.#export(command.runId);
        return;
      case 'evaluate':
        // Not waited for: a pause or a stop must not have to.
        if (this.#run) void this.#evaluate(this.#run, command);
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
    if (!this.#gpu) {
      const { openGpu, tune } = this.#options;
      const opened = openGpu();
      this.#untuned = opened;
      this.#gpu = opened.then(async (gpu) => {
        await tune?.(gpu);
        return this.#kernels.equip(gpu);
      });
    }
    return this.#gpu;
  }

  /** The device as soon as kernels can be compiled on it: where the tuner goes by the clock, only when it is done. */
  async #deviceToWarm(): Promise<Gpu> {
    const tuned = this.#device();
    const gpu = (await this.#untuned) ?? (await tuned);
    return gpu.info.profile === 'scalar' ? gpu : tuned;
  }

  /** Never rejects: nobody asked for a run yet, and one that meets the same will say so. */
  #warmUp(experiment: Experiment): void {
    const asked = Promise.all([this.#deviceToWarm(), this.#models.load(experiment.policy)])
      .then(([gpu, { layout }]) => warmUp(gpu, experiment, layout))
      .then(
        ({ compiled }) => void compiled.catch(() => undefined),
        () => undefined,
      );
    this.#warming = { policy: experiment.policy, asked };
  }

  async #start(command: Extract<SessionCommand, { type: 'run' | 'step' }>, once: boolean) {
    await this.#stop();
    await this.#changeKernels();
    const { runId: id, experiment, against } = command;
    this.#current = id;
    this.#state(id, 'preparing', 0);
    const asked = [{ id, experiment }];
    if (against) asked.push({ id: againstId(id), experiment: against });
    const arms: Arm[] = [];
    try {
      await this.#takeLock();
      const abort = new AbortController();
      for (const { id: armId, experiment: own } of asked) {
        const model = await this.#models.load(own.policy, this.#loading(id, own.policy));
        // What compiles ahead is asked for before memory is, which keeps the device busy for a while.
        if (this.#warming?.policy === own.policy) await this.#warming.asked;
        const ids = { id: armId, runId: id };
        arms.push(await Arm.create(this.#host, ids, own, model, this.#kernels.inUse));
      }
      this.#run = {
        id,
        abort,
        arms,
        recoveries: 0,
        dead: false,
        busy: false,
        turn: Promise.resolve(),
        evaluations: new AbortController(),
        halt: false,
      };
      if (this.#haltWhenReady) this.#state(id, 'paused', 0);
      else this.#go(this.#run, once);
    } catch (error) {
      for (const arm of arms) arm.destroy();
      this.#fail(asked[arms.length]?.id ?? id, error);
    }
  }

  #loading(runId: string, policy: string): (done: number, total: number) => void {
    const label = `Loading ${policy}`;
    return (done, total) =>
      this.#options.post({
        type: 'progress',
        runId,
        progress: { what: 'model', label, done, total },
      });
  }

  /** Starts the loop of steps, or one step; not waited for. */
  #go(run: Run, once: boolean): void {
    run.halt = once;
    if (run.busy) return;
    run.busy = true;
    this.#state(run.id, 'running', run.arms[0].step);
    void this.#loop(run)
      .catch((error: unknown) => this.#fail(run.id, error))
      .finally(() => {
        run.busy = false;
        this.#queue = this.#queue.then(() => this.#changeKernels());
      });
  }

  /**
   * Makes the device and the run use the changed kernels that were asked for, if any were. The loop of steps does it between two of them,
   * and nobody else while it runs. What is refused changes nothing and is no failure of the run.
   */
  async #changeKernels(caller?: 'loop'): Promise<void> {
    const wanted = this.#wanted;
    const run = this.#run;
    if (!wanted || (run?.busy && caller !== 'loop')) return;
    this.#wanted = null;
    const arms = run && !run.dead ? run.arms : [];
    const change = async () => this.#kernels.change(await this.#device(), arms, wanted);
    let refused: { error?: ErrorReport } = {};
    try {
      await (run ? takeTurn(run, change) : change());
    } catch (error) {
      refused = { error: toReport(error) };
    }
    this.#options.post({ type: 'kernels', kernels: this.#kernels.inUse, ...refused });
  }

  async #loop(run: Run): Promise<void> {
    const { signal } = run.abort;
    let arm: Arm | undefined = run.arms[0];
    try {
      for (arm of run.arms) {
        const { trainer } = arm;
        await takeTurn(run, arm.goBack.bind(arm));
        if (arm.reported < 0) await arm.report(await takeTurn(run, () => trainer.baseline(signal)));
      }
      for (arm = nextArm(run); arm; arm = nextArm(run)) {
        const turn = arm;
        if (isLevel(run)) await this.#changeKernels('loop');
        const result = await takeTurn(run, () => this.#stepOrRecover(run, turn));
        if (signal.aborted) return;
        if (result) {
          await turn.report(result);
          if (turn.step % CHECKPOINT_STEPS === 0) await turn.keep();
        }
        if (run.halt && isLevel(run) && nextArm(run)) {
          this.#state(run.id, 'paused', run.arms[0].step);
          return;
        }
      }
      this.#state(run.id, 'finished', run.arms[0].step);
    } catch (error) {
      if (!signal.aborted) this.#fail(arm?.id ?? run.id, error, canGoOn(arm, error));
    }
  }

  /** One step of an arm; null where the device was lost, opened again, and every arm went back to its last copy on the host. */
  async #stepOrRecover(run: Run, arm: Arm): Promise<StepResult | null> {
    try {
      return await arm.trainer.next(run.abort.signal);
    } catch (error) {
      const lost = error instanceof BatonError && error.kind === 'DeviceLost';
      if (!lost || run.recoveries >= MAX_RECOVERIES) throw error;
      run.recoveries += 1;
      this.#gpu = null;
      for (const one of run.arms) await one.reopen();
      this.#options.post({
        type: 'opened',
        adapter: adapterInfo(await this.#device()),
        version: this.#options.version,
      });
      return null;
    }
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
      for (const arm of run.arms) arm.destroy();
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
    const arm = this.#arm(runId);
    if (!arm) return;
    arm.trainer.set(path, value);
    this.#options.post({ type: 'changed', runId, step: arm.step + 1, path, value });
  }

  async #export(runId: string): Promise<void> {
    const arm = this.#arm(runId);
    if (!arm) return;
    const bytes = saveParameters(arm.model.layout, await arm.trainer.parameters());
    const { buffer } = bytes.slice();
    this.#options.post({ type: 'model', runId, bytes: buffer }, [buffer]);
  }

  /** Carries out an order in its turn. A failure is the order's alone: the run goes on. */
  async #evaluate(
    run: Run,
    { runId, id, order }: Extract<SessionCommand, { type: 'evaluate' }>,
  ): Promise<void> {
    const arm = this.#arm(runId);
    if (!arm) return;
    const about = { runId, id };
    const signal = AbortSignal.any([run.abort.signal, run.evaluations.signal]);
    const onProgress = (done: number, total: number) =>
      this.#options.post({ type: 'evaluating', ...about, done, total });
    try {
      const { step, evaluation } = await takeTurn(run, async () => {
        throwIfAborted(signal);
        const { step, trainer } = arm;
        return { step, evaluation: await trainer.evaluate(order, { signal, onProgress }) };
      });
      this.#options.post({ type: 'evaluated', ...about, step, evaluation });
    } catch (error) {
      this.#options.post({ type: 'not-evaluated', ...about, error: toReport(error) });
    }
  }

  /** @param paused the run has halted and can be gone on with */
  #fail(runId: string, error: unknown, paused = false): void {
    const report = toReport(error);
    if (report.kind === 'DeviceLost' || report.kind === 'GpuError') {
      this.#gpu = null;
      if (this.#run) this.#run.dead = true;
    }
    this.#options.post({
      type: 'failed',
      runId,
      error: suspecting(report, this.#kernels.inUse, this.#run !== null),
      step: this.#arm(runId)?.step ?? 0,
      ...(paused && { paused }),
    });
  }

  /** The run of an id, or the one beside it. */
  #arm(runId: string): Arm | undefined {
    return this.#run?.arms.find(({ id }) => id === runId);
  }

  #state(runId: string, state: LabState, step: number): void {
    this.#options.post({ type: 'state', runId, state, step });
  }
}

/** Failures of the device or its programs: the same step would fail again, or has a way of its own back. */
const DEVICE: readonly ErrorKind[] = ['DeviceLost', 'GpuError', 'ShaderError', 'NoWebGpu'];

/** Whether the step that failed can be asked for again: the policy is whole, and so is the device. */
function canGoOn(arm: Arm | undefined, error: unknown): boolean {
  const { kind } = toReport(error);
  return arm?.trainer.whole === true && !DEVICE.includes(kind);
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
