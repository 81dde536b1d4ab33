/**
 * Keeps every submit short. A long submit freezes the visitor's screen and, past about two seconds, may cost the device. So
 * work is cut where its estimated time passes the target. The estimate learns from how long earlier submits took. Only the
 * cuts depend on it, never a number that is computed.
 */

/** Longest GPU time of one submit, milliseconds. */
export const TARGET_SUBMIT_MS = 40;
/** A submit of this share of the budget measures work and not the round trip. */
const WHOLE = 1 / 4;
/** Before a GPU's speed is known, a submit holds this share of what the device is thought to do in the target time. */
const PROBE = 1 / 100;
/** Submits that may wait in the queue: one runs, one is ready. */
const MAX_IN_FLIGHT = 2;

export class Pacer {
  /** Work units per millisecond; a unit is one floating-point operation. */
  #rate: number;
  #lastDone = 0;
  readonly #clock: () => number;
  readonly #inFlight: Promise<void>[] = [];

  /** Whether no submit has told yet how fast the device is. */
  #probing: boolean;

  /**
   * @param initialRate work units per millisecond that the device is thought to do
   * @param probes begins with a small submit that measures this, so that a device a hundred times slower meets no watchdog
   */
  constructor(clock: () => number, initialRate: number, probes = false) {
    this.#clock = clock;
    this.#rate = initialRate;
    this.#probing = probes;
  }

  /** Work that fits one submit. */
  get budget(): number {
    return this.#rate * TARGET_SUBMIT_MS * (this.#probing ? PROBE : 1);
  }

  /** Notes a submit of `work` units, done when `done` resolves; waits while too many are in flight. */
  async submitted(work: number, done: Promise<unknown>): Promise<void> {
    const from = this.#clock();
    if (this.#probing && work >= this.budget * WHOLE) {
      await this.#probe(work, from, done);
      return;
    }
    this.#inFlight.push(
      done.then(
        () => this.#learn(work, from),
        () => undefined,
      ),
    );
    while (this.#inFlight.length >= MAX_IN_FLIGHT) await this.#inFlight.shift();
  }

  /** Waits until nothing is in flight. */
  async idle(): Promise<void> {
    await Promise.all(this.#inFlight.splice(0));
  }

  /** The first submit that measures work is waited for. What it says counts as it is: nothing better is known. */
  async #probe(work: number, from: number, done: Promise<unknown>): Promise<void> {
    await Promise.all(this.#inFlight.splice(0));
    await done.catch(() => undefined);
    const took = this.#clock() - from;
    // The way to the GPU and back is in it, so a fast one seems slower than it is, and the next submits correct that.
    if (took > 0) this.#rate = Math.max(Math.min(this.#rate, work / took), this.#rate * PROBE);
    this.#lastDone = this.#clock();
    this.#probing = false;
  }

  #learn(work: number, from: number): void {
    const now = this.#clock();
    const took = now - Math.max(from, this.#lastDone);
    this.#lastDone = now;
    if (took <= 0 || work <= 0) return;
    const rate = Math.min(Math.max(work / took, this.#rate / 4), this.#rate * 4);
    // A submit that was to be short and was not long measures the way to the GPU and back. It can tell that the GPU is faster, never that
    // it is slower: else shorter submits would be asked for, which tell even less.
    const short = work < this.budget * WHOLE && took < TARGET_SUBMIT_MS;
    if (rate < this.#rate && short) return;
    this.#rate = Math.max(0.8 * this.#rate + 0.2 * rate, 1e3);
  }
}
