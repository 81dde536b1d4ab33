/**
 * Runs experiments for a page: commands in, events out, one group of runs at a time. It connects the parts that do the work (device,
 * preparation, group loop, kernels, evaluation) and decides which group is current. It does not know what a step does, and it
 * uses neither workers nor the DOM, so that it can be tested in Node.
 */
import { toReport } from '../errors.ts';
import type { Arm, ArmHost } from './arm.ts';
import { type DeviceOptions, SessionDevice } from './device.ts';
import { evaluate } from './evaluation.ts';
import { Group } from './group.ts';
import { type LoopHost, loop } from './group-loop.ts';
import { KernelChange, suspecting } from './kernel-change.ts';
import { Preparation } from './preparation.ts';
import type { BringReceiver, LabCommand, LabState, RunGroup } from './protocol.ts';
import { TrainingLock } from './training-lock.ts';
import { WorkQueue } from './work-queue.ts';

export interface SessionOptions extends Omit<ArmHost, 'device'>, DeviceOptions {
  /** Takes the right to train in this browser. Resolves to a function that gives it back, or to null if another tab has it. */
  readonly lock: () => Promise<(() => void) | null>;
  readonly version: string;
}

/** Commands about runs. */
export type SessionCommand = Exclude<LabCommand, BringReceiver>;

export class Session {
  readonly #options: SessionOptions;
  readonly #kernels = new KernelChange();
  readonly #device: SessionDevice;
  readonly #preparation: Preparation;
  readonly #lock: TrainingLock;
  /** Commands are handled one after the other; none of them waits for the step loop. */
  readonly #queue = new WorkQueue();
  readonly #loopHost: LoopHost;
  #group: Group | null = null;
  /** The current group, in preparation or running. Commands for any other group are late and ignored. */
  #current = '';
  /** The newest group that was requested, whether or not its turn has come. */
  #asked = '';
  /** A pause was requested while the group was being prepared. */
  #haltWhenReady = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#device = new SessionDevice(options, this.#kernels);
    const host: ArmHost = { ...options, device: () => this.#device.get() };
    this.#preparation = new Preparation(host, this.#device, this.#kernels);
    this.#lock = new TrainingLock(options.lock);
    this.#loopHost = {
      betweenSteps: () => this.#changeKernels(),
      reopen: (group) => this.#reopen(group),
    };
  }

  /** Starts to open the device early; whoever asks for it later gets the error, if any. */
  begin(): void {
    this.#device.get().catch(() => undefined);
  }

  handle(command: SessionCommand): void {
    if (command.type === 'warm-up') {
      // Not queued: a run requested meanwhile uses what is done and waits for the rest.
      if (this.#current === '') this.#preparation.warmUp(command.experiment);
      return;
    }
    if (command.type === 'plan') {
      void this.#preparation.plan(command.experiment);
      return;
    }
    if ((command.type === 'run' || command.type === 'step') && command.groupId !== this.#asked) {
      this.#asked = command.groupId;
      this.#haltWhenReady = false;
    }
    if (command.type === 'pause') this.#pause(command.groupId);
    if (command.type === 'stop') this.#present(command.groupId)?.abort.abort();
    this.#queue.add(
      () => this.#dispatch(command),
      (error) => this.#fail('runId' in command ? command.runId : null, error),
    );
  }

  async #dispatch(command: Exclude<SessionCommand, { type: 'warm-up' | 'plan' }>): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.#open();
        return;
      case 'run':
        await this.#start(command, false);
        return;
      case 'step': {
        const group = this.#present(command.groupId);
        if (group) this.#go(group, true);
        else await this.#start(command, true);
        return;
      }
      case 'resume': {
        const group = this.#present(command.groupId);
        if (group) this.#go(group, false);
        return;
      }
      case 'pause':
        return;
      case 'stop':
        if (command.groupId === this.#current) await this.#stop();
        return;
      case 'set':
        this.#arm(command.runId)?.set(command.path, command.value);
        return;
      case 'kernels':
        this.#kernels.want(command.kernels);
        await this.#changeKernelsUnlessBusy();
        return;
      case 'export-model':
        await this.#arm(command.runId)?.exportModel();
        return;
      case 'evaluate':
        // Not awaited: a pause or a stop must not have to wait for it.
        if (this.#group) void evaluate(this.#group, command, this.#options.post);
        return;
      case 'cancel-evaluation':
        this.#present(command.groupId)?.cancelEvaluations();
        return;
      default:
        command satisfies never;
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#tellDevice();
    } catch (error) {
      this.#device.forget();
      this.#options.post({ type: 'no-gpu', error: toReport(error) });
    }
  }

  async #tellDevice(): Promise<void> {
    const { post, version } = this.#options;
    post({ type: 'opened', adapter: await this.#device.info(), version });
  }

  async #start({ groupId, runs }: RunGroup, once: boolean): Promise<void> {
    await this.#stop();
    await this.#changeKernels();
    this.#current = groupId;
    this.#state('preparing');
    const arms: Arm[] = [];
    let preparing: string | null = null;
    try {
      await this.#lock.take();
      for (const run of runs) {
        preparing = run.id;
        arms.push(await this.#preparation.arm(run));
      }
      this.#group = new Group(groupId, arms);
      if (this.#haltWhenReady) this.#state('paused');
      else this.#go(this.#group, once);
    } catch (error) {
      for (const arm of arms) arm.destroy();
      this.#fail(preparing, error);
    }
  }

  /** Starts the step loop, or one step of each arm. Nobody waits for it. */
  #go(group: Group, once: boolean): void {
    group.halt = once;
    if (group.busy) return;
    group.busy = true;
    this.#state('running');
    void this.#runLoop(group);
  }

  async #runLoop(group: Group): Promise<void> {
    const end = await loop(group, this.#loopHost);
    group.busy = false;
    // A group that was stopped meanwhile posts nothing more.
    if (this.#present(group.id)) {
      if (end.type === 'finished') this.#state('finished');
      else if (end.type === 'halted') this.#state('paused');
      else if (end.type === 'failed') this.#fail(end.at.id, end.error, end.again);
    }
    this.#queue.add(
      () => this.#changeKernelsUnlessBusy(),
      (error) => this.#fail(null, error),
    );
  }

  async #reopen(group: Group): Promise<void> {
    this.#device.forget();
    for (const arm of group.arms) await arm.reopen();
    await this.#tellDevice();
  }

  /** If the step loop runs, it makes the change between two steps. */
  async #changeKernelsUnlessBusy(): Promise<void> {
    if (!this.#group?.busy) await this.#changeKernels();
  }

  async #changeKernels(): Promise<void> {
    const told = await this.#kernels.takeUp(() => this.#device.get(), this.#group);
    if (told) this.#options.post(told);
  }

  #pause(groupId: string): void {
    if (groupId === this.#asked) this.#haltWhenReady = true;
    const group = this.#present(groupId);
    if (group) group.halt = true;
  }

  async #stop(): Promise<void> {
    const group = this.#group;
    const groupId = this.#current;
    this.#group = null;
    this.#current = '';
    await group?.end();
    this.#lock.giveBack();
    if (groupId) this.#options.post({ type: 'state', groupId, state: 'idle', steps: {} });
  }

  /** @param paused the group has halted and can be continued */
  #fail(runId: string | null, error: unknown, paused = false): void {
    const report = toReport(error);
    if (report.kind === 'DeviceLost' || report.kind === 'GpuError') {
      this.#device.forget();
      if (this.#group) this.#group.dead = true;
    }
    this.#options.post({
      type: 'failed',
      groupId: this.#current,
      runId,
      error: suspecting(report, this.#kernels.inUse, this.#group !== null),
      step: (runId !== null && this.#arm(runId)?.step) || 0,
      ...(paused && { paused }),
    });
  }

  /** The group with this id, if it is the current one and prepared. */
  #present(groupId: string): Group | null {
    return this.#group?.id === groupId ? this.#group : null;
  }

  #arm(runId: string): Arm | undefined {
    return this.#group?.arm(runId);
  }

  #state(state: LabState): void {
    const steps = this.#group?.steps ?? {};
    this.#options.post({ type: 'state', groupId: this.#current, state, steps });
  }
}
