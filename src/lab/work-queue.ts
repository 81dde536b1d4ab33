/** Work that is done one piece after the other, in the order in which it was asked for. */
export class WorkQueue {
  #last: Promise<void> = Promise.resolve();

  /** @param onError told what a piece has thrown; the next ones are done all the same */
  add(work: () => Promise<void>, onError: (error: unknown) => void): void {
    this.#last = this.#last.then(work).catch(onError);
  }
}
