/** Runs that go side by side on one device: whose step is next, where they may halt, and whose turn it is. */
import type { Arm } from './arm.ts';

export class Group {
  readonly id: string;
  /** At least one. */
  readonly arms: readonly Arm[];
  /** Ends everything that goes on. */
  readonly abort = new AbortController();
  /** Devices that were lost and opened again. */
  recoveries = 0;
  /** The device is gone for good: nothing can be read or computed any more. */
  dead = false;
  /** True while the loop of steps runs. */
  busy = false;
  /** The loop is to end where the arms are level. */
  halt = false;
  #turn: Promise<unknown> = Promise.resolve();
  #evaluations = new AbortController();

  constructor(id: string, arms: readonly Arm[]) {
    this.id = id;
    this.arms = arms;
  }

  /** The arm of a run. */
  arm(runId: string): Arm | undefined {
    return this.arms.find(({ id }) => id === runId);
  }

  /** Steps done, by run. */
  get steps(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.arms.map(({ id, step }) => [id, step]));
  }

  /** Whose step is next: of the arms that are not finished the one with the fewest steps, the first of equals. */
  get next(): Arm | undefined {
    const going = this.#going;
    const least = Math.min(...going.map(({ step }) => step));
    return going.find(({ step }) => step === least);
  }

  /** Whether all arms stand at one step and none is still behind what it has told: where the group may halt. */
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

  /** Does work once all that was begun before is done, whatever became of it: steps and evaluations share one device. */
  takeTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** Aborted when the evaluations that were asked for are given up, or the group ends. */
  get evaluations(): AbortSignal {
    return AbortSignal.any([this.abort.signal, this.#evaluations.signal]);
  }

  /** Gives up the evaluations that were asked for. */
  cancelEvaluations(): void {
    this.#evaluations.abort();
    this.#evaluations = new AbortController();
  }

  /** Ends what goes on, and gives the memory back once nothing does. */
  async end(): Promise<void> {
    this.abort.abort();
    while (this.busy) await afterMessages();
    await this.#turn;
    for (const arm of this.arms) arm.destroy();
  }
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
