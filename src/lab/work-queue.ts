/** Work that is done one piece after the other, in the order of the requests. */
export class WorkQueue {
  #last: Promise<void> = Promise.resolve();

  /** @param onError called with what a piece of work throws; later pieces are done all the same */
  add(work: () => Promise<void>, onError: (error: unknown) => void): void {
    this.#last = this.#last.then(work).catch(onError);
  }
}
