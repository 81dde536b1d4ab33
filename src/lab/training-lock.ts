/** The right to train in this browser: one tab has it at a time. */
import { BatonError } from '../errors.ts';

export class TrainingLock {
  readonly #request: () => Promise<(() => void) | null>;
  #release: (() => void) | null = null;

  /** @param request takes the right: resolves to a function that gives it back, or to null if another tab has it */
  constructor(request: () => Promise<(() => void) | null>) {
    this.#request = request;
  }

  /** @throws Busy if another tab is training */
  async take(): Promise<void> {
    if (this.#release) return;
    this.#release = await this.#request();
    if (this.#release) return;
    throw new BatonError({
      kind: 'Busy',
      message: 'Another tab is training',
      remedy:
        'Two runs would fight for one GPU. Pause and close the other tab, then press Run again.',
    });
  }

  giveBack(): void {
    this.#release?.();
    this.#release = null;
  }
}
