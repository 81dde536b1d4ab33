/** Turns, for asynchronous work that must not interleave because it shares buffers. */

/** Anything that gives out turns: a `Turns`, or a learner whose parameters are read from outside. */
export interface TurnTaker {
  /** @see Turns.turn */
  turn<T>(work: () => Promise<T>): Promise<T>;
}

export class Turns implements TurnTaker {
  /** Settles when the last turn asked for so far is over; never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` once all turns asked for earlier are over: strictly first come, first served. A turn that fails does not stop the next.
   * Not re-entrant: work that awaits another turn of the same `Turns` waits for itself, forever.
   * @returns what `work` resolves to; rejects with what it throws
   */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }
}
