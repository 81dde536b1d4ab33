/** The stored runs as the page shows them. It reads and deletes; the worker of the tab that has a run open is the only one that writes it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ErrorReport, toReport } from '../../errors.ts';
import type { StoredGroup } from '../../lab/run-store/read-stored.ts';
import type { Listed, RunShelf } from '../../lab/run-store/run-shelf.ts';
import { storageError } from '../../lab/run-store/storage-error.ts';

export interface StoredState {
  /** The newest first; null before they were read. */
  readonly runs: readonly Listed[] | null;
  /** Why they could not be read, or the last could not be deleted. */
  readonly problem: ErrorReport | null;
  /** Ids of unfinished runs that are not to be offered again on this visit. */
  readonly declined: readonly string[];
}

export interface StoredOptions {
  /** @throws what the browser throws where it keeps nothing for the page */
  readonly open: () => Promise<Pick<RunShelf, 'list' | 'remove' | 'read'>>;
  /** Resolves when nobody has the run open any more. */
  readonly released: (id: string) => Promise<void>;
}

export class StoredRuns {
  readonly store: StoreApi<StoredState>;
  readonly #options: StoredOptions;
  /** Open runs whose end is awaited. */
  readonly #awaited = new Set<string>();

  constructor(options: StoredOptions) {
    this.#options = options;
    this.store = createStore<StoredState>(() => ({ runs: null, problem: null, declined: [] }));
  }

  /** Reads the list again, now and when a run in it is not open any more. */
  async refresh(): Promise<void> {
    try {
      const shelf = await this.#options.open();
      const runs = await shelf.list();
      this.store.setState({ runs });
      for (const { id, held } of runs) if (held) void this.#awaitEnd(id);
    } catch (error) {
      // Where nothing can be kept, nothing is stored; a run that starts says why.
      this.store.setState({ runs: [], problem: toReport(storageError(error)) });
    }
  }

  /** What groups have recorded, in this order; null where one cannot be read, which is told. */
  async read(ids: readonly string[]): Promise<readonly StoredGroup[] | null> {
    try {
      const shelf = await this.#options.open();
      const groups: StoredGroup[] = [];
      for (const id of ids) groups.push(await shelf.read(id));
      return groups;
    } catch (error) {
      this.store.setState({ problem: toReport(storageError(error)) });
      return null;
    }
  }

  /** Deletes runs, one after the other; what cannot be deleted stays and is named. */
  async remove(ids: readonly string[]): Promise<void> {
    let problem: ErrorReport | null = null;
    for (const id of ids) {
      try {
        const shelf = await this.#options.open();
        await shelf.remove(id);
      } catch (error) {
        problem ??= toReport(storageError(error));
      }
    }
    await this.refresh();
    this.store.setState({ problem });
  }

  /** Does not offer a run again on this visit; it stays in the list. */
  decline(id: string): void {
    this.store.setState(({ declined }) => ({ declined: [...declined, id] }));
  }

  async #awaitEnd(id: string): Promise<void> {
    if (this.#awaited.has(id)) return;
    this.#awaited.add(id);
    await this.#options.released(id).catch(() => undefined);
    this.#awaited.delete(id);
    await this.refresh();
  }
}

/** The run to offer: the newest that was not finished, is open nowhere and was not declined. */
export function offered({ runs, declined }: StoredState): Listed | undefined {
  return runs?.find(
    ({ id, held, seal }) => seal?.state === 'open' && !held && !declined.includes(id),
  );
}
