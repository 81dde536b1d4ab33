/** Where a step may wait between two of its phases. */
export class PhaseGate {
  #holds = false;
  #pass: (() => void) | null = null;

  /** Whether the step waits after each of its phases. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Whether it waits now. */
  get waiting(): boolean {
    return this.#pass !== null;
  }

  /** From the next phase on the step waits. */
  hold(): void {
    this.#holds = true;
  }

  /** Lets it go on to the next phase. */
  next(): void {
    const pass = this.#pass;
    this.#pass = null;
    pass?.();
  }

  /** Lets it go on to its end. */
  open(): void {
    this.#holds = false;
    this.next();
  }

  /** Resolves when the step may go on; at once where it does not wait, and when the signal is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#holds || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#pass = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
