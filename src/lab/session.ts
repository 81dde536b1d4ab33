/**
 * Runs experiments for a page: commands in, events out, one group of runs at a time. It connects the parts that do the work (device,
 * preparation, group loop, kernels, evaluation) and decides which group is current. It does not know what a step does, and it
 * uses neither workers nor the DOM, so that it can be tested in Node.
 */
import { BatonError, type ErrorReport, toReport } from '../errors.ts';
import type { Arm, ArmHost } from './arm.ts';
import { type DeviceOptions, SessionDevice } from './device.ts';
import { evaluate, type OrderHost } from './evaluation.ts';
import { exportModel } from './export.ts';
import type { Group, Survive } from './group.ts';
import { type LoopHost, loop } from './group-loop.ts';
import { Keeping, type RunStore } from './keeping.ts';
import { KernelChange, suspecting } from './kernel-change.ts';
import { reportLoss } from './loss.ts';
import { Preparation } from './preparation.ts';
import type { BringReceiver, LabCommand, LabState, RunGroup } from './protocol.ts';
import { survive } from './recovery.ts';
import { TrainingLock } from './training-lock.ts';
import { WorkQueue } from './work-queue.ts';

export interface SessionOptions extends ArmHost, DeviceOptions {
  /** Takes the right to train in this browser. Resolves to a function that gives it back, or to null if another tab has it. */
  readonly lock: () => Promise<(() => void) | null>;
  /** Where runs are kept; absent where nothing is. */
  readonly store?: RunStore;
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
  readonly #orderHost: OrderHost;
  readonly #survive: Survive = (group, work) => survive(group, this.#device, work);
  /** Keeps the current group in the browser's storage. */
  readonly #keeping: Keeping;
  #group: Group | null = null;
  /** The current group, in preparation or running. Commands for any other group are late and ignored. */
  #current = '';
  /** The newest group that was requested, whether or not its turn has come. */
  #asked = '';
  /** A pause was requested while the group was being prepared. */
  #haltWhenReady = false;

  constructor(given: SessionOptions) {
    const { version } = given;
    const post: SessionOptions['post'] = (event, transfer) => {
      this.#keeping.note(event);
      given.post(event, transfer);
    };
    const options = { ...given, post };
    this.#options = options;
    this.#keeping = new Keeping({ ...options, survive: this.#survive });
    this.#device = new SessionDevice(options, this.#kernels, (adapter) =>
      post({ type: 'opened', adapter, version }),
    );
    this.#preparation = new Preparation(options, this.#device, this.#kernels);
    this.#lock = new TrainingLock(options.lock);
    this.#orderHost = { post, survive: this.#survive };
    this.#loopHost = {
      betweenSteps: () => this.#changeKernels(),
      keep: (group) => this.#keeping.keep(group),
      survive: this.#survive,
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
    if (command.type === 'estimate') {
      void this.#preparation.estimate(command.id, command.experiments);
      return;
    }
    const starts = ['run', 'step', 'phase', 'restore'].includes(command.type);
    if (starts && 'groupId' in command && command.groupId !== this.#asked) {
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

  async #dispatch(
    command: Exclude<SessionCommand, { type: 'warm-up' | 'plan' | 'estimate' }>,
  ): Promise<void> {
    switch (command.type) {
      case 'open':
        await this.#open();
        return;
      case 'run':
        await this.#start(command, false);
        return;
      case 'restore':
        await this.#start(command, false, { stored: true });
        return;
      case 'keep': {
        const group = this.#present(command.groupId);
        if (group) void this.#keeping.keepInTurn(group);
        return;
      }
      case 'step': {
        const group = this.#present(command.groupId);
        if (group) this.#go(group, true);
        else await this.#start(command, true);
        return;
      }
      case 'phase': {
        const group = this.#present(command.groupId);
        if (!group) await this.#start(command, true, { phases: true });
        else if (group.gate.waiting) group.gate.next();
        else this.#go(group, true, true);
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
        // Not awaited, as whatever waits for the end of a step: a pause or a stop must not have to wait for it.
        if (this.#group) void this.#set(this.#group, command);
        return;
      case 'kernels':
        this.#kernels.want(command.kernels);
        await this.#changeKernelsUnlessBusy();
        return;
      case 'export-model':
        if (this.#group) void exportModel(this.#group, command, this.#orderHost);
        return;
      case 'evaluate':
        if (this.#group) void this.#evaluate(this.#group, command);
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
      const { post, version } = this.#options;
      post({ type: 'opened', adapter: await this.#device.info(), version });
    } catch (error) {
      this.#options.post({ type: 'no-gpu', error: this.#report(error) });
    }
  }

  /** @param how whether the runs go on from what is stored, and whether the step waits between its phases */
  async #start(
    asked: RunGroup,
    once: boolean,
    { stored = false, phases = false } = {},
  ): Promise<void> {
    const { groupId, runs, keep } = asked;
    await this.#stop();
    await this.#changeKernels();
    this.#current = groupId;
    this.#state('preparing');
    let preparing: string | null = null;
    try {
      await this.#lock.take();
      const from = keep ? await this.#keeping.begin({ ...asked, keep }, stored) : null;
      const onRun = (id: string) => {
        preparing = id;
      };
      const group = await this.#preparation.group(groupId, runs, onRun, from);
      this.#group = group;
      group.keepEvery = this.#keeping.every;
      if (!from) await this.#keeping.keepInTurn(group);
      if (this.#haltWhenReady) this.#state('paused');
      else this.#go(this.#group, once, phases);
    } catch (error) {
      this.#fail(preparing, error);
    }
  }

  /** Starts the step loop, or one step of each arm. Nobody waits for it. */
  #go(group: Group, once: boolean, phases = false): void {
    group.halt = once;
    if (phases) group.gate.hold();
    else group.gate.open();
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
      else if (end.type === 'failed') {
        this.#fail(end.at.id, end.error, end.again);
        // The same steps give the same numbers again, until a person changes something.
        if (toReport(end.error).kind === 'NonFinite') void this.#keeping.rest(group);
      }
      if (end.type === 'finished' || end.type === 'halted') void this.#keeping.keepInTurn(group);
    }
    this.#queue.add(
      () => this.#changeKernelsUnlessBusy(),
      (error) => this.#fail(null, error),
    );
  }

  /** Changes a live setting between two steps. */
  async #set(
    group: Group,
    { runId, path, value }: Extract<LabCommand, { type: 'set' }>,
  ): Promise<void> {
    const arm = group.arm(runId);
    if (!arm) return;
    try {
      await group.takeTurn(() => this.#survive(group, async () => arm.set(path, value)));
      if (!group.busy) void this.#keeping.keepInTurn(group);
    } catch (error) {
      if (this.#present(group.id)) this.#fail(runId, error);
    }
  }

  async #evaluate(group: Group, command: Extract<LabCommand, { type: 'evaluate' }>): Promise<void> {
    await evaluate(group, command, this.#orderHost);
    if (!group.busy) await this.#keeping.keepInTurn(group);
  }

  /** If the step loop runs, it makes the change between two steps. */
  async #changeKernelsUnlessBusy(): Promise<void> {
    if (!this.#group?.busy) await this.#changeKernels();
  }

  async #changeKernels(): Promise<void> {
    const told = await this.#kernels.takeUp(() => this.#device.get(), this.#group, this.#survive);
    if (told) this.#options.post(told);
  }

  #pause(groupId: string): void {
    if (groupId === this.#asked) this.#haltWhenReady = true;
    const group = this.#present(groupId);
    if (!group) return;
    group.halt = true;
    group.gate.open();
  }

  async #stop(): Promise<void> {
    const group = this.#group;
    const groupId = this.#current;
    this.#group = null;
    this.#current = '';
    await group?.end();
    // A group that was never ready was not ended by anybody.
    this.#keeping.end(group !== null);
    this.#lock.giveBack();
    if (groupId) this.#options.post({ type: 'state', groupId, state: 'idle', steps: {} });
  }

  /** @param paused the group has halted and can be continued */
  #fail(runId: string | null, error: unknown, paused = false): void {
    const report = this.#report(error);
    this.#options.post({
      type: 'failed',
      groupId: this.#current,
      runId,
      error: suspecting(report, this.#kernels.inUse, this.#group !== null),
      step: (runId !== null && this.#arm(runId)?.step) || 0,
      ...(paused && { paused }),
    });
  }

  /** An error as the page shows it; that of a lost device says what it means for the present runs. */
  #report(error: unknown): ErrorReport {
    if (!(error instanceof BatonError && error.kind === 'DeviceLost')) return toReport(error);
    const arms = this.#group?.arms;
    return reportLoss(error, arms ? Math.max(0, ...arms.map(({ reported }) => reported)) : null);
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
