/** The right to train in this browser: one tab has it at a time. */
import { BatonError } from '../errors.ts';

export class TrainingLock {
  readonly #request: () => Promise<(() => void) | null>;
  #release: (() => void) | null = null;

  /** @param request takes the right; null where another tab has it. Returns how to give it back. */
  constructor(request: () => Promise<(() => void) | null>) {
    this.#request = request;
  }

  /** @throws Busy where another tab trains */
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
