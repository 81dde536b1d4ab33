/** Bundled models by folder. Each is fetched and checked once, for all runs of a group and for later ones, or ahead of the first. */
import { type FileReader, type LoadedModel, loadModelFolder } from '../model/load.ts';

type OnBytes = (done: number, total: number) => void;

/** Most models kept here. Runs keep their own, so keeping more would only save fetching one again. */
const MAX_MODELS = 2;

interface Entry {
  readonly model: Promise<LoadedModel>;
  /** Called with its progress. */
  readonly watchers: Set<OnBytes>;
}

export class ModelCache {
  readonly #reader: (policy: string, onBytes: OnBytes) => FileReader;
  /** Least recently used first. */
  readonly #entries = new Map<string, Entry>();

  constructor(reader: (policy: string, onBytes: OnBytes) => FileReader) {
    this.#reader = reader;
  }

  /**
   * The model of a folder. It is shared, so nobody may change it.
   * @param onBytes called while the model is being fetched, whoever asked for it first
   * @throws BadFile; a later call then fetches it again
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
