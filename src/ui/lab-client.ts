/**
 * The page's end of the wire to the trainer. It drops what arrives late from a group that was reset, and starts a new worker where
 * the old one has died. It knows nothing of React or of what the events mean.
 */
import { BatonError, type ErrorReport, toReport } from '../errors.ts';
import type { ChangedKernel } from '../lab/changed-kernels.ts';
import type {
  BringReceiver,
  ExportedModel,
  Keep,
  LabCommand,
  LabEvent,
  PlannedMemory,
  RunGroup,
} from '../lab/protocol.ts';
import { endOf } from '../lab/sign-of-life.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import type { Experiment } from '../rl/experiment/schema.ts';

/** The part of `Worker` that is used, so that tests can stand in for it. */
export interface WorkerLike {
  postMessage(message: LabCommand): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<LabEvent>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

export interface LabClientOptions {
  readonly spawn: () => WorkerLike;
  /** Resolves when the worker that holds this lock is gone. Default: asks the browser for the lock. */
  readonly endOf?: (lock: string) => Promise<void>;
  /** Every event of the present group and its runs, and those that belong to no run. */
  readonly onEvent: (event: LabEvent) => void;
}

const KNOWN = new Set<LabEvent['type']>([
  'opened',
  'no-gpu',
  'alive',
  'state',
  'progress',
  'planned',
  'estimated',
  'step',
  'phase',
  'changed',
  'kernels',
  'manifest',
  'restored',
  'kept',
  'not-kept',
  'model',
  'not-exported',
  'evaluating',
  'evaluated',
  'not-evaluated',
  'brought',
  'failed',
]);

interface ModelRequest {
  readonly runId: string;
  readonly resolve: (bytes: ArrayBuffer) => void;
  readonly reject: (error: BatonError) => void;
}

/** How far a group goes that starts. */
export type StartHow = 'run' | 'step' | 'phase';

/** A decoder that is brought: what was sent, and who waits to hear whether it opens. */
interface Brought {
  readonly command: BringReceiver;
  readonly waiting: { resolve: () => void; reject: (error: BatonError) => void }[];
}

export class LabClient {
  readonly #options: LabClientOptions;
  #worker: WorkerLike | null = null;
  #group: RunGroup | null = null;
  #model: ModelRequest | null = null;
  /** Decoders of the person's own by id: a new worker is told of them again. */
  /** Questions after memory that are not answered yet, by id. */
  readonly #estimates = new Map<
    number,
    {
      readonly resolve: (planned: readonly PlannedMemory[]) => void;
      readonly reject: (error: BatonError) => void;
    }
  >();
  #asks = 0;
  readonly #brought = new Map<string, Brought>();
  /** What a fresh worker is told first. */
  #kernels: readonly ChangedKernel[] = [];

  constructor(options: LabClientOptions) {
    this.#options = options;
  }

  /** Whether there is a group, whose events are let through. */
  get hasGroup(): boolean {
    return this.#group !== null;
  }

  /** Asks the worker for its adapter; answered by `opened` or `no-gpu`. */
  open(): void {
    this.#post({ type: 'open' });
  }

  /** Says what may be run next, to be made ready while nothing runs. */
  warmUp(experiment: Experiment): void {
    this.#post({ type: 'warm-up', experiment });
  }

  /** Asks how much memory this would hold; answered by `planned`. */
  plan(experiment: Experiment): void {
    this.#post({ type: 'plan', experiment });
  }

  /** What each of several runs would hold, in their order. @throws Cancelled where the worker ends before it has told */
  estimate(experiments: readonly Experiment[]): Promise<readonly PlannedMemory[]> {
    this.#asks += 1;
    const id = this.#asks;
    return new Promise((resolve, reject) => {
      this.#estimates.set(id, { resolve, reject });
      this.#post({ type: 'estimate', id, experiments });
    });
  }

  /**
   * Starts a new group, or its first step or the first phase of that; an earlier one is stopped and its late events are dropped.
   * @param group ids of which none was given before
   */
  start(group: RunGroup, how: StartHow): void {
    this.stop();
    this.#group = group;
    this.#post({ type: how, ...group });
  }

  /** Goes on with the stored group that `keep` names. @param group ids of which none was given before */
  restore(group: RunGroup & { readonly keep: Keep }): void {
    this.stop();
    this.#group = group;
    this.#post({ type: 'restore', ...group });
  }

  /** Asks for a checkpoint as soon as no step is under way; answered by `kept` or `not-kept`. */
  keep(): void {
    this.#ofGroup((groupId) => ({ type: 'keep', groupId }));
  }

  /** One step of every run of the present group. */
  step(): void {
    if (this.#group) this.#post({ type: 'step', ...this.#group });
  }

  /** Goes on to the end of the next phase; answered by `phase`, or by `step` after the last. */
  phase(): void {
    if (this.#group) this.#post({ type: 'phase', ...this.#group });
  }

  pause(): void {
    this.#ofGroup((groupId) => ({ type: 'pause', groupId }));
  }

  resume(): void {
    this.#ofGroup((groupId) => ({ type: 'resume', groupId }));
  }

  /** Ends the present group; from here on nothing of it is let through. */
  stop(): void {
    this.#ofGroup((groupId) => ({ type: 'stop', groupId }));
    this.#group = null;
    this.#refuseModel('The run was reset before its model was written');
  }

  /** Changes a live setting of a run of the present group. */
  set(runId: string, path: string, value: unknown): void {
    if (this.#has(runId)) this.#post({ type: 'set', runId, path, value });
  }

  /** Asks for these changed kernels and no others, also of a worker that takes this one's place; answered by `kernels`. */
  setKernels(kernels: readonly ChangedKernel[]): void {
    this.#kernels = kernels;
    this.#post({ type: 'kernels', kernels });
  }

  /** Asks for an evaluation of a run's policy; answered by events that carry the same `id`. */
  evaluate(runId: string, id: number, order: EvaluationOrder): void {
    if (this.#has(runId)) this.#post({ type: 'evaluate', runId, id, order });
  }

  /** Gives up every evaluation that is not done. */
  cancelEvaluation(): void {
    this.#ofGroup((groupId) => ({ type: 'cancel-evaluation', groupId }));
  }

  /** A run's policy, or its reward model, as the bytes of a model.safetensors. @throws Cancelled where it is not of the present group, or no longer */
  exportModel(runId: string, model: ExportedModel = 'policy'): Promise<ArrayBuffer> {
    if (!this.#has(runId)) return Promise.reject(noModel('There is no run to export'));
    this.#refuseModel('Another export was started');
    return new Promise((resolve, reject) => {
      this.#model = { runId, resolve, reject };
      this.#post({ type: 'export-model', runId, model });
    });
  }

  /** Brings a decoder, which runs may then name by its id. @throws BadFile with what is wrong with it */
  bring(command: BringReceiver): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = this.#brought.get(command.id)?.waiting ?? [];
      const { id } = command;
      // Sent by itself where there is a worker; a new one is told of all that was brought.
      const there = this.#worker !== null;
      this.#brought.set(id, { command, waiting: [...waiting, { resolve, reject }] });
      if (there) this.#post(command);
      else this.#wake();
    });
  }

  /** Ends the worker; a later command starts a new one. */
  close(): void {
    this.#drop();
    this.#group = null;
    this.#refuseModel('The trainer was closed');
  }

  #ofGroup(command: (groupId: string) => LabCommand): void {
    if (this.#group) this.#post(command(this.#group.groupId));
  }

  #has(runId: string): boolean {
    return this.#group?.runs.some(({ id }) => id === runId) ?? false;
  }

  #post(command: LabCommand): void {
    try {
      this.#wake().postMessage(command);
    } catch (error) {
      this.#died(toReport(error));
    }
  }

  #wake(): WorkerLike {
    if (this.#worker) return this.#worker;
    this.#worker = this.#spawn();
    for (const { command } of this.#brought.values()) this.#worker.postMessage(command);
    return this.#worker;
  }

  #spawn(): WorkerLike {
    const worker = this.#options.spawn();
    worker.onmessage = (event) => this.#receive(event.data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#died({
        kind: 'Internal',
        message: 'The trainer stopped',
        remedy:
          'What was recorded up to here is kept and can be exported. Start it again with Run.',
        detail: [event.message, event.filename && `${event.filename}:${event.lineno}`]
          .filter(Boolean)
          .join('\n'),
      });
    };
    worker.onmessageerror = () =>
      this.#died({
        kind: 'Internal',
        message: 'A message of the trainer could not be read',
        remedy:
          'What was recorded up to here is kept and can be exported. Start it again with Run.',
      });
    if (this.#kernels.length > 0) worker.postMessage({ type: 'kernels', kernels: this.#kernels });
    return worker;
  }

  #receive(event: LabEvent): void {
    if (typeof event !== 'object' || event === null || !KNOWN.has(event.type)) return;
    if (!this.#isPresent(event)) return;
    if (event.type === 'model') {
      if (event.runId !== this.#model?.runId) return;
      this.#model.resolve(event.bytes);
      this.#model = null;
      return;
    }
    if (event.type === 'not-exported') {
      if (event.runId === this.#model?.runId) this.#failModel(new BatonError(event.error));
      return;
    }
    if (event.type === 'estimated') {
      this.#estimates.get(event.id)?.resolve(event.planned);
      this.#estimates.delete(event.id);
      return;
    }
    if (event.type === 'brought') {
      this.#hear(event.id, event.error);
      return;
    }
    if (event.type === 'alive') {
      this.#watch(event.lock);
      return;
    }
    if (event.type === 'kernels') this.#kernels = event.kernels;
    if (event.type === 'failed') this.#refuseModel(event.error.message);
    this.#options.onEvent(event);
  }

  /** A worker may end without an error or any other event; its lock is free then. */
  #watch(lock: string): void {
    const worker = this.#worker;
    const { endOf: ended = endOf } = this.#options;
    void ended(lock).then(() => {
      if (this.#worker !== worker) return;
      this.#died({
        kind: 'Internal',
        message: 'The trainer ended without a word',
        remedy:
          'The browser may have needed its memory. What was recorded up to here is kept and can be exported. Start it again with Run.',
      });
    });
  }

  #hear(id: string, error: ErrorReport | null): void {
    const brought = this.#brought.get(id);
    if (!brought) return;
    if (error) this.#brought.delete(id);
    for (const { resolve, reject } of brought.waiting.splice(0)) {
      if (error) reject(new BatonError(error));
      else resolve();
    }
  }

  /** Where there is no group, what fails belongs to none either: its group's id is empty. */
  #isPresent(event: LabEvent): boolean {
    if ('groupId' in event) return event.groupId === (this.#group?.groupId ?? '');
    return 'runId' in event ? this.#has(event.runId) : true;
  }

  /** A dead worker is dropped at once; the next command starts a fresh one, so a worker that cannot start does not loop. */
  #died(error: ErrorReport): void {
    this.#drop();
    const groupId = this.#group?.groupId ?? '';
    this.#group = null;
    this.#refuseModel(error.message);
    // Who waits is told; the decoders themselves are brought to the next worker too.
    for (const { waiting } of this.#brought.values()) {
      for (const { reject } of waiting.splice(0)) reject(new BatonError(error));
    }
    this.#options.onEvent({ type: 'failed', groupId, runId: null, error, step: -1 });
  }

  #drop(): void {
    for (const { reject } of this.#estimates.values())
      reject(
        new BatonError({ kind: 'Cancelled', message: 'The trainer ended', remedy: 'Ask again.' }),
      );
    this.#estimates.clear();
    if (this.#worker === null) return;
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.onmessageerror = null;
    this.#worker.terminate();
    this.#worker = null;
  }

  #refuseModel(message: string): void {
    this.#failModel(noModel(message));
  }

  #failModel(error: BatonError): void {
    this.#model?.reject(error);
    this.#model = null;
  }
}

function noModel(message: string): BatonError {
  return new BatonError({
    kind: 'Cancelled',
    message,
    remedy: 'No file was written. Make at least one step and export again.',
  });
}
