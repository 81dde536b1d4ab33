import type { TimingsRow } from '../records.ts';

/** Seconds and tokens by phase of one step. */
export class PhaseTimer {
  readonly #clock: () => number;
  #start: number;
  /** When the last phase ended, or failed. */
  #end: number;
  readonly #seconds: Record<string, number> = {};
  readonly #tokens: Record<string, number> = {};
  /** Seconds within the current phase that count for another one. */
  #apart = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
    this.#start = clock();
    this.#end = this.#start;
  }

  /** Leaves out the time since the last phase, in which a run was halted in the middle of a step. */
  goOn(): void {
    this.#start += this.#clock() - this.#end;
  }

  /** Runs a phase, or a further part of it, on `tokens` tokens (a function counts them from the result). */
  async run<T>(
    phase: string,
    tokens: number | ((result: T) => number),
    work: () => Promise<T>,
  ): Promise<T> {
    const from = this.#clock();
    this.#apart = 0;
    const result = await work().finally(() => {
      this.#end = this.#clock();
    });
    const seconds = (this.#end - from) / 1000 - this.#apart;
    const count = typeof tokens === 'number' ? tokens : tokens(result);
    this.#seconds[phase] = (this.#seconds[phase] ?? 0) + seconds;
    this.#tokens[phase] = (this.#tokens[phase] ?? 0) + count;
    return result;
  }

  /** Runs a part of the current phase that counts for another phase. */
  async aside<T>(phase: string, work: () => Promise<T>): Promise<T> {
    const from = this.#clock();
    const result = await work();
    const seconds = (this.#clock() - from) / 1000;
    this.#seconds[phase] = (this.#seconds[phase] ?? 0) + seconds;
    this.#apart += seconds;
    return result;
  }

  row(step: number): TimingsRow {
    const rates = Object.entries(this.#tokens)
      .filter(([phase, tokens]) => tokens > 0 && this.#seconds[phase] > 0)
      .map(([phase, tokens]) => [phase, tokens / this.#seconds[phase]]);
    return {
      step,
      step_time: (this.#clock() - this.#start) / 1000,
      phases: this.#seconds,
      tokens_per_second: Object.fromEntries(rates),
    };
  }
}
