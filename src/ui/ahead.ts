/** What is made ready of the draft while nothing runs: its kernels are compiled and its memory is planned. */
import type { Experiment } from '../rl/experiment/schema.ts';
import type { LabClient } from './lab-client.ts';

interface AheadOptions {
  readonly client: LabClient;
  readonly draft: () => Experiment;
  /** Whether no run is there that goes on or could. */
  readonly resting: () => boolean;
  /** A plan was asked for: the one that is known is of an earlier draft. */
  readonly onPlan: () => void;
}

/** Nothing is made ready before the adapter is asked for and the lab is shown: who only reads another page needs none of it. */
export class Ahead {
  readonly #options: AheadOptions;
  #opened = false;
  #shown = false;

  constructor(options: AheadOptions) {
    this.#options = options;
  }

  /** Whether the adapter was asked for. */
  get opened(): boolean {
    return this.#opened;
  }

  open(): void {
    this.#opened = true;
    this.#options.client.open();
    this.warmUp();
  }

  show(): void {
    if (this.#shown) return;
    this.#shown = true;
    this.warmUp();
  }

  /** Has the draft's policy loaded and its kernels compiled, and its memory planned. */
  warmUp(): void {
    if (this.#due()) this.#options.client.warmUp(this.#options.draft());
    this.plan();
  }

  /** Has the memory of the draft planned. */
  plan(): void {
    if (!this.#due()) return;
    this.#options.onPlan();
    this.#options.client.plan(this.#options.draft());
  }

  #due(): boolean {
    return this.#opened && this.#shown && this.#options.resting();
  }
}
