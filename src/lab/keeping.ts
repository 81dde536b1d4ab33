/**
 * Which group the session keeps in the browser's storage: begins to keep a new one, takes up one that is stored, and hands its moments
 * to the keeper.
 */
import { toReport } from '../errors.ts';
import type { Group, Survive } from './group.ts';
import { Keeper } from './keeper.ts';
import type { Keep, LabEvent, RunGroup } from './protocol.ts';
import { readStored, type StoredGroup, type StoredRun } from './run-store/read-stored.ts';
import { RunLog } from './run-store/run-log.ts';
import { openElsewhere, type RunLocks, RunShelf } from './run-store/run-shelf.ts';
import { type RunBegun, SealWriter } from './run-store/seal-writer.ts';
import type { Shelf } from './run-store/shelf.ts';
import { storageError } from './run-store/storage-error.ts';

/** The storage as the lab reaches it. */
export interface RunStore {
  /** @throws what the browser throws where it keeps nothing for the page */
  readonly open: () => Promise<Shelf>;
  readonly locks: RunLocks;
  /** The time, ISO 8601. */
  readonly now: () => string;
}

interface KeepingHost {
  /** Absent where nothing is kept. */
  readonly store?: RunStore;
  readonly post: (event: LabEvent) => void;
  readonly clock: () => number;
}

type KeptGroup = RunGroup & { readonly keep: Keep };

export class Keeping {
  readonly #host: KeepingHost & { readonly survive: Survive };
  /** Of the current group; null where it is not kept. */
  #keeper: Keeper | null = null;

  constructor(host: KeepingHost & { readonly survive: Survive }) {
    this.#host = host;
  }

  /** Steps between checkpoints; infinite where the current group is not kept. */
  get every(): number {
    return this.#keeper?.every ?? Number.POSITIVE_INFINITY;
  }

  /** Hears everything that is posted. */
  note(event: LabEvent): void {
    this.#keeper?.note(event);
  }

  /**
   * Begins to keep a new group, which goes on where nothing can be kept; or takes up a stored one, and posts what it had recorded.
   * @param stored whether the group is one that is stored
   * @returns the stored runs, in the group's order; null for a new group
   * @throws BadFile where nothing stored is whole, Busy where it is open already, Storage
   */
  async begin(group: KeptGroup, stored: boolean): Promise<readonly StoredRun[] | null> {
    if (stored) return this.#resume(group);
    const { store } = this.#host;
    if (!store) return null;
    try {
      this.#keeper = await beginKeeping({ ...this.#host, store }, group);
    } catch (error) {
      this.#notKept(group.groupId, error);
    }
    return null;
  }

  async #resume(group: KeptGroup): Promise<readonly StoredRun[]> {
    const { store, post } = this.#host;
    if (!store) throw storageError(new TypeError('there is no storage'));
    const { keeper, stored } = await resumeKeeping({ ...this.#host, store }, group);
    for (const [i, { step, hash, manifest, record }] of stored.runs.entries())
      post({ type: 'restored', runId: group.runs[i].id, step, hash, manifest, record });
    if (stored.fellBack) this.#notKept(group.groupId, stored.fellBack);
    this.#keeper = keeper;
    return stored.runs;
  }

  /** Hands the present moment to the keeper. To be called in the group's turn. @throws what a copy throws */
  async keep(group: Group): Promise<void> {
    const keeper = this.#keeper;
    if (keeper?.groupId !== group.id || !group.arms.every(({ settled }) => settled)) return;
    for (const arm of group.arms)
      if (!arm.copied) await this.#host.survive(group, () => arm.keep());
    const runs = group.arms.flatMap(({ id, copy }) => {
      const log = keeper.log(id);
      return log?.manifest ? [{ ...copy, manifest: log.manifest, mark: log.mark }] : [];
    });
    if (runs.length === group.arms.length)
      keeper.keep({ runs, state: group.next ? 'open' : 'finished' });
  }

  /** Keeps the present moment as soon as no step is under way. What prevents it stops nothing. */
  async keepInTurn(group: Group): Promise<void> {
    try {
      await group.takeTurn(() => this.keep(group));
    } catch (error) {
      if (!group.abort.signal.aborted) this.#notKept(group.id, error);
    }
  }

  /**
   * The group stands still at a failure that would come again. What is kept is the last good step of each run, which need not be the same: a later
   * one may hold the numbers that made it fail, and could go on with no settings. Resumed, the run with the fewest steps comes first, as ever.
   */
  async rest(group: Group): Promise<void> {
    const keeper = this.#keeper;
    if (keeper?.groupId !== group.id) return;
    try {
      await group.takeTurn(async () => {
        for (const arm of group.arms) await this.#host.survive(group, () => arm.goBack());
        await this.keep(group);
      });
    } catch (error) {
      if (!group.abort.signal.aborted) this.#notKept(group.id, error);
    }
    // Somebody may have let it go on meanwhile.
    if (!group.busy) keeper.rest();
  }

  /** The current group is over. What is under way is written beside the next one. @param stopped whether somebody ended it */
  end(stopped: boolean): void {
    void this.#keeper?.end(stopped);
    this.#keeper = null;
  }

  #notKept(groupId: string, error: unknown): void {
    this.#host.post({ type: 'not-kept', groupId, error: toReport(storageError(error)) });
  }
}

type StoreHost = KeepingHost & { readonly store: RunStore };

/** Nothing is written before the first moment. @throws Storage, Busy */
export async function beginKeeping(host: StoreHost, group: KeptGroup): Promise<Keeper> {
  const { store } = host;
  const { id, about, runs } = group.keep;
  const { shelf, release } = await openFor(store, id, 'kept');
  // Other folders only: what it does not manage, the next run will.
  void new RunShelf(shelf, store.locks).makeRoom().catch(() => undefined);
  const logged = group.runs.map(({ experiment }, i) => ({
    log: new RunLog(),
    begun: { label: runs[i]?.label ?? '', apart: [...(runs[i]?.apart ?? [])], experiment },
  }));
  const writer = new SealWriter(shelf, id, about, logged, store.now);
  return keeperOf(host, group, writer, logged, release);
}

/**
 * Reads a group back, and goes on keeping it. The group's runs stand for those that are stored, in their order.
 * @throws BadFile where nothing of it is whole, Busy where it is open already, Storage
 */
export async function resumeKeeping(
  host: StoreHost,
  group: KeptGroup,
): Promise<{ readonly keeper: Keeper; readonly stored: StoredGroup }> {
  const { store } = host;
  const { id } = group.keep;
  const { shelf, release } = await openFor(store, id, 'resumed');
  try {
    const stored = await readStored(shelf, id);
    const { seal, highest } = stored;
    const logged = stored.runs.map(({ begun }) => ({ begun, log: new RunLog() }));
    const writer = new SealWriter(shelf, id, seal.about, logged, store.now, seal, highest);
    return { keeper: keeperOf(host, group, writer, logged, release), stored };
  } catch (error) {
    release();
    throw storageError(error);
  }
}

/** @param what would be done to the run, as a participle */
async function openFor(
  { open, locks }: RunStore,
  id: string,
  what: string,
): Promise<{ readonly shelf: Shelf; readonly release: () => void }> {
  try {
    const shelf = await open();
    const release = await locks.take(id);
    if (release) return { shelf, release };
  } catch (error) {
    throw storageError(error);
  }
  throw openElsewhere(what);
}

function keeperOf(
  { post, clock }: KeepingHost,
  group: KeptGroup,
  writer: SealWriter,
  logged: readonly { readonly begun: RunBegun; readonly log: RunLog }[],
  release: () => void,
): Keeper {
  const logs = new Map(group.runs.map(({ id }, i) => [id, logged[i].log]));
  return new Keeper({ group, writer, logs, post, clock, release });
}
