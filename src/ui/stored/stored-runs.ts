/** The stored runs as the page shows them. It reads and deletes; the worker of the tab that has a run open is the only one that writes it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ErrorReport, toReport } from '../../errors.ts';
import { type SeedRun, seedRuns } from '../../lab/run-groups/seed-run.ts';
import {
  type Mark,
  type Marks,
  NO_MARKS,
  withMark,
  withNoteAt,
} from '../../lab/run-store/marks.ts';
import type { StoredGroup } from '../../lab/run-store/read-stored.ts';
import type { Listed, RunShelf } from '../../lab/run-store/run-shelf.ts';
import type { StepNote } from '../../lab/run-store/step-notes.ts';
import { storageError } from '../../lab/run-store/storage-error.ts';

/** Milliseconds in which a deletion can be taken back. */
export const UNDO_MS = 10_000;

export interface StoredState {
  /** The newest first; null before they were read. What is about to be deleted is among them. */
  readonly runs: readonly Listed[] | null;
  /** What they came to, in numbers; null before that was read. */
  readonly seeds: readonly SeedRun[] | null;
  readonly marks: Marks;
  /** Why they could not be read, or the last could not be deleted. */
  readonly problem: ErrorReport | null;
  /** Ids of unfinished runs that are not to be offered again on this visit. */
  readonly declined: readonly string[];
  /** What this tab is about to delete, and what it is called; null where nothing is. */
  readonly going: { readonly ids: readonly string[]; readonly name: string } | null;
}

type StoreShelf = Pick<RunShelf, 'list' | 'remove' | 'read' | 'rows' | 'marks' | 'mark'>;

export interface StoredOptions {
  /** @throws what the browser throws where it keeps nothing for the page */
  readonly open: () => Promise<StoreShelf>;
  /** Resolves when nobody has the run open any more. */
  readonly released: (id: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What was read of a stored group, and at which of its seals. */
interface Known {
  readonly seal: string;
  readonly held: boolean;
  readonly seeds: readonly SeedRun[];
}

export class StoredRuns {
  readonly store: StoreApi<StoredState>;
  readonly #options: StoredOptions;
  /** Open runs whose end is awaited. */
  readonly #awaited = new Set<string>();
  readonly #known = new Map<string, Known>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #due: ReturnType<typeof setTimeout> | undefined;
  /** The reading under way, and whether another was asked for meanwhile. */
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(options: StoredOptions) {
    this.#options = options;
    this.store = createStore<StoredState>(() => ({
      ...{ runs: null, seeds: null, marks: NO_MARKS, problem: null, declined: [], going: null },
    }));
  }

  /** Reads the list again, now and when a run in it is not open any more. */
  refresh(): Promise<void> {
    this.#again = true;
    this.#reading ??= this.#readAll();
    return this.#reading;
  }

  async #readAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#read();
    }
    this.#reading = null;
  }

  async #read(): Promise<void> {
    try {
      const shelf = await this.#options.open();
      await this.#readMarks(shelf);
      const runs = await shelf.list();
      this.store.setState({ runs });
      for (const { id, held } of runs) if (held) void this.#awaitEnd(id);
      this.store.setState({ seeds: await this.#seedsOf(shelf, runs) });
    } catch (error) {
      // Where nothing can be kept, nothing is stored; a run that starts says why.
      this.store.setState({ runs: [], seeds: [], problem: toReport(storageError(error)) });
    }
  }

  /** Also does what an earlier visit had begun to delete, now or once it can no longer be taken back there. */
  async #readMarks(shelf: StoreShelf): Promise<void> {
    try {
      const marks = await shelf.marks();
      this.store.setState({ marks });
      const late = marks.going.filter(({ from }) => from <= this.#now());
      for (const { id } of late) await shelf.remove(id).catch(() => undefined);
      if (late.length > 0) await this.#forgetGoing(late.map(({ id }) => id));
      this.#refreshAt(marks);
    } catch (error) {
      this.store.setState({ problem: toReport(storageError(error)) });
    }
  }

  /** Reads again when the first of what another tab is about to delete, or one that was closed, is due. */
  #refreshAt({ going }: Marks): void {
    const waits = going
      .map(({ from }) => from - this.#now())
      .filter((wait) => wait > 0 && wait <= UNDO_MS);
    clearTimeout(this.#due);
    if (waits.length > 0) this.#due = setTimeout(() => void this.refresh(), Math.min(...waits));
  }

  /** Only what has changed is read again; what cannot be read has no numbers, and is listed all the same. */
  async #seedsOf(shelf: StoreShelf, runs: readonly Listed[]): Promise<readonly SeedRun[]> {
    const seeds: SeedRun[] = [];
    for (const { id, seal, held, bytes } of runs) {
      if (!seal) continue;
      const mark = `${seal.number} ${seal.saved} ${seal.state}`;
      let known = this.#known.get(id);
      if (known?.seal !== mark || known.held !== held) {
        const records = await shelf.rows(id, seal).catch(() => []);
        known = { seal: mark, held, seeds: await seedRuns({ id, seal, held, bytes }, records) };
        this.#known.set(id, known);
      }
      seeds.push(...known.seeds);
    }
    return seeds;
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

  /** What one group has recorded. @throws BatonError BadFile where it cannot be read, Storage where the browser refuses */
  async readOne(id: string): Promise<StoredGroup> {
    try {
      return await (await this.#options.open()).read(id);
    } catch (error) {
      throw storageError(error);
    }
  }

  /** Names, notes or pins the runs of a key. */
  async mark(key: string, change: Mark): Promise<void> {
    await this.#change((marks) => withMark(marks, key, change));
  }

  /**
   * Writes a note at a step of a run, in the place of the one that is there; an empty text takes it away.
   * @param run its place (`placeOf`)
   * @returns why it could not be written; null where it was
   */
  noteAt(run: string, note: StepNote): Promise<ErrorReport | null> {
    return this.#change((marks) => withNoteAt(marks, run, note));
  }

  /** @returns why nothing was changed; null where it was */
  async #change(change: (marks: Marks) => Marks): Promise<ErrorReport | null> {
    try {
      const shelf = await this.#options.open();
      this.store.setState({ marks: await shelf.mark(change) });
      return null;
    } catch (error) {
      const problem = toReport(storageError(error));
      this.store.setState({ problem });
      return problem;
    }
  }

  /**
   * Deletes runs in ten seconds, unless `undo` comes first; what waited before goes at once. A tab that is closed meanwhile leaves
   * word, and the next visit deletes them.
   */
  async removeSoon(ids: readonly string[], name: string): Promise<void> {
    await this.removeNow();
    this.store.setState({ going: { ids, name } });
    this.#timer = setTimeout(() => void this.removeNow(), UNDO_MS);
    const from = this.#now() + UNDO_MS;
    await this.#change((marks) => ({
      ...marks,
      going: [...marks.going, ...ids.map((id) => ({ id, from }))],
    }));
  }

  /** Takes back what is about to be deleted. */
  async undo(): Promise<void> {
    const going = this.#takeGoing();
    if (going) await this.#forgetGoing(going.ids);
  }

  /** Deletes what is about to be, without waiting longer. */
  async removeNow(): Promise<void> {
    const going = this.#takeGoing();
    if (!going) return;
    // Out of sight at once: deleting takes a moment.
    this.store.setState(({ runs, seeds }) => ({
      runs: runs?.filter(({ id }) => !going.ids.includes(id)) ?? null,
      seeds: seeds?.filter(({ stored }) => !going.ids.includes(stored)) ?? null,
    }));
    await this.remove(going.ids);
    await this.#forgetGoing(going.ids);
  }

  #takeGoing(): StoredState['going'] {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const { going } = this.store.getState();
    if (going) this.store.setState({ going: null });
    return going;
  }

  async #forgetGoing(ids: readonly string[]): Promise<void> {
    await this.#change((marks) => ({
      ...marks,
      going: marks.going.filter(({ id }) => !ids.includes(id)),
    }));
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

  #now(): number {
    return (this.#options.now ?? Date.now)();
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
export function offered({
  runs,
  declined,
}: Pick<StoredState, 'runs' | 'declined'>): Listed | undefined {
  return runs?.find(
    ({ id, held, seal }) => seal?.state === 'open' && !held && !declined.includes(id),
  );
}
