/** Runs side by side on one device: whose step is next, where they may halt, and how they share the device. */
import type { Gpu } from '../gpu/gpu.ts';
import type { Arm } from './arm.ts';
import { PhaseGate } from './phase-gate.ts';

/** Does work of a group's arms in their turn, and again on another device where that one is lost. */
export type Survive = <T>(group: Group, work: () => Promise<T>) => Promise<T>;

export class Group {
  readonly id: string;
  /** At least one. */
  readonly arms: readonly Arm[];
  /** Ends everything in progress. */
  readonly abort = new AbortController();
  /** The device that all arms are on. It may be lost: `survive` moves them to another. */
  gpu: Gpu;
  /** True while the step loop runs. */
  busy = false;
  /** Asks the loop to end once all arms are at the same step. */
  halt = false;
  /** Steps between checkpoints in the browser's storage; infinite where the group is not kept. */
  keepEvery = Number.POSITIVE_INFINITY;
  /** Where the first arm's step may wait between its phases. */
  readonly gate = new PhaseGate();
  #turn: Promise<unknown> = Promise.resolve();
  #evaluations = new AbortController();

  constructor(id: string, arms: readonly Arm[], gpu: Gpu) {
    this.id = id;
    this.arms = arms;
    this.gpu = gpu;
  }

  /** The arm of a run. */
  arm(runId: string): Arm | undefined {
    return this.arms.find(({ id }) => id === runId);
  }

  /** Steps done, by run. */
  get steps(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.arms.map(({ id, step }) => [id, step]));
  }

  /** The arm whose step is next: of those not finished, the one with the fewest steps; on a tie, the first. */
  get next(): Arm | undefined {
    const going = this.#going;
    const least = Math.min(...going.map(({ step }) => step));
    return going.find(({ step }) => step === least);
  }

  /** Whether the group may halt: all arms are at the same step, and each has caught up with what it has posted. */
  get level(): boolean {
    const going = this.#going;
    return (
      this.arms.every((arm) => arm.step >= arm.reported) &&
      going.every(({ step }) => step === going[0].step)
    );
  }

  get #going(): readonly Arm[] {
    return this.arms.filter((arm) => !arm.finished);
  }

  /** Does work once all earlier work has succeeded or failed: steps and evaluations share one device. */
  takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Aborted when the ordered evaluations are cancelled, or the group ends. */
  get evaluations(): AbortSignal {
    return AbortSignal.any([this.abort.signal, this.#evaluations.signal]);
  }

  /** Cancels the ordered evaluations. */
  cancelEvaluations(): void {
    this.#evaluations.abort();
    this.#evaluations = new AbortController();
  }

  /** Ends everything in progress, then frees the memory. */
  async end(): Promise<void> {
    this.abort.abort();
    while (this.busy) await afterMessages();
    await this.#turn;
    for (const arm of this.arms) arm.destroy();
  }
}

/** Resolves after all tasks queued now. It posts a message to itself, because timers are slow in hidden tabs. */
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
