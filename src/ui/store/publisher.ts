/** The lab's data and the store that shows it: changes at once, except for numbers of a run, which come in bursts. */
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Numbers of a run change at most this often on the page. */
const REFRESH_MS = 250;

export class Publisher<Data> {
  readonly store: StoreApi<Data>;
  #latest: Data;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(data: Data) {
    this.#latest = data;
    this.store = createStore<Data>(() => data);
  }

  /** The present data, also where the page has not been redrawn since. */
  get latest(): Data {
    return this.#latest;
  }

  /** Takes new data; `publish` or `publishSoon` show it. */
  set latest(data: Data) {
    this.#latest = data;
  }

  publish(): void {
    this.close();
    this.store.setState(this.#latest, true);
  }

  /** The first change of a burst is shown at once, the others together a quarter of a second later. */
  publishSoon(): void {
    if (this.#timer !== null) return;
    this.store.setState(this.#latest, true);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.store.getState() !== this.#latest) this.store.setState(this.#latest, true);
    }, REFRESH_MS);
  }

  /** Resolves with the first data that is shown and for which `done` holds, at once where it holds already. */
  until(done: (data: Data) => boolean): Promise<Data> {
    if (done(this.#latest)) return Promise.resolve(this.#latest);
    return new Promise((resolve) => {
      const stop = this.store.subscribe((data) => {
        if (!done(data)) return;
        stop();
        resolve(data);
      });
    });
  }

  /** Nothing is shown later any more. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
