/** Bundled models by their folder, each fetched and checked once: for all runs of a group, for the next one, and ahead of the first. */
import { type FileReader, type LoadedModel, loadModelFolder } from '../model/load.ts';

type OnBytes = (done: number, total: number) => void;

/** Models kept here. Runs hold on to their own, so more would only save fetching one again. */
const MAX_MODELS = 2;

interface Entry {
  readonly model: Promise<LoadedModel>;
  /** Who wants to know how far it is. */
  readonly watchers: Set<OnBytes>;
}

export class ModelCache {
  readonly #reader: (policy: string, onBytes: OnBytes) => FileReader;
  /** In the order of use. */
  readonly #entries = new Map<string, Entry>();

  constructor(reader: (policy: string, onBytes: OnBytes) => FileReader) {
    this.#reader = reader;
  }

  /**
   * The model of a folder, shared: nobody may change it.
   * @param onBytes told while it is being fetched, whoever asked for it first
   * @throws BadFile; what failed is fetched again when it is asked for again
   */
  load(policy: string, onBytes?: OnBytes): Promise<LoadedModel> {
    const entry = this.#entries.get(policy) ?? this.#fetch(policy);
    if (onBytes) entry.watchers.add(onBytes);
    this.#entries.delete(policy);
    this.#entries.set(policy, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_MODELS) break;
      this.#entries.delete(oldest);
    }
    return entry.model;
  }

  #fetch(policy: string): Entry {
    const watchers = new Set<OnBytes>();
    const read = this.#reader(policy, (done, total) => {
      for (const watch of watchers) watch(done, total);
    });
    const entry: Entry = { model: loadModelFolder(read), watchers };
    entry.model.then(
      () => watchers.clear(),
      () => {
        if (this.#entries.get(policy) === entry) this.#entries.delete(policy);
      },
    );
    return entry;
  }
}
