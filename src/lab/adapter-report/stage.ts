/**
 * Where a report's parts get their devices and their time from. A part that loses its device gets another, a few times; a part whose time
 * is up stops where it is.
 */
import { type BatonError, toReport } from '../../errors.ts';
import type { Profile } from '../../gpu/adapter.ts';
import type { Gpu } from '../../gpu/gpu.ts';

export interface StageOptions {
  /** Opens a fresh device; the adapter's own family if none is named. */
  readonly open: (family?: Profile) => Promise<Gpu>;
  /** Milliseconds. */
  readonly clock: () => number;
  readonly signal?: AbortSignal;
}

/** Devices after which no other is asked for: a driver that has fallen so often will fall again. */
const MOST_DEVICES = 6;

export class Stage {
  readonly clock: () => number;
  readonly #options: StageOptions;
  #gpu: Gpu | null = null;
  #family: Profile | undefined;
  #opened = 0;
  #until = Number.POSITIVE_INFINITY;

  constructor(options: StageOptions) {
    this.#options = options;
    this.clock = options.clock;
  }

  get stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** The part under way has to end at this time, in the clock's milliseconds. */
  until(time: number): void {
    this.#until = time;
  }

  /** Whether the part under way has to end. */
  get over(): boolean {
    return this.stopped || this.clock() >= this.#until;
  }

  /**
   * A living device of a family: the one that is open, or another.
   * @throws NoWebGpu, and the failure of the last device where too many were lost
   */
  async gpu(family?: Profile): Promise<Gpu> {
    if (this.#gpu && (family ?? this.#family) === this.#family && alive(this.#gpu) === null)
      return this.#gpu;
    const failure = this.#gpu && alive(this.#gpu);
    if (this.#opened >= MOST_DEVICES && failure) throw failure;
    this.close();
    this.#opened += 1;
    this.#gpu = await this.#options.open(family);
    this.#family = family ?? this.#gpu.info.profile;
    return this.#gpu;
  }

  close(): void {
    this.#gpu?.destroy();
    this.#gpu = null;
  }
}

function alive(gpu: Gpu): BatonError | null {
  try {
    gpu.assertAlive();
    return null;
  } catch (error) {
    return error as BatonError;
  }
}

/** An error in one sentence, with what the compiler or the driver said. */
export function inWords(error: unknown): string {
  const { message, detail } = toReport(error);
  return (detail ? `${message}: ${detail}` : message).slice(0, 1000);
}

/** A number as JSON can hold it. */
export function finite(x: number): number | null {
  return Number.isFinite(x) ? x : null;
}
