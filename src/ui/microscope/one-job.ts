/** One job at a time: another one ends the one before, and may wait until things have rested. */
export class OneJob {
  #job: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Ends what is under way, and what waits. */
  cancel(): void {
    this.#job?.abort();
    this.#job = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Begins a job. @returns fires when another one begins, or it is cancelled */
  begin(): AbortSignal {
    this.cancel();
    this.#job = new AbortController();
    return this.#job.signal;
  }

  /** Does something once this many milliseconds have passed without another job. */
  after(delay: number, work: () => void): void {
    this.cancel();
    this.#timer = setTimeout(work, delay);
  }
}
