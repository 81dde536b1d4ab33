/** Begins to keep a group of runs in the browser's storage, or takes up one that is there. */
import { Keeper } from './keeper.ts';
import type { Keep, LabEvent, RunGroup } from './protocol.ts';
import { readStored, type StoredGroup } from './run-store/read-stored.ts';
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
  readonly store: RunStore;
  readonly post: (event: LabEvent) => void;
  readonly clock: () => number;
}

export type KeptGroup = RunGroup & { readonly keep: Keep };

/** Nothing is written before the first moment. @throws Storage, Busy */
export async function beginKeeping(host: KeepingHost, group: KeptGroup): Promise<Keeper> {
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
  return keeper(host, group, writer, logged, release);
}

/**
 * Reads a group back, and goes on keeping it. The group's runs stand for those that are stored, in their order.
 * @throws BadFile where nothing of it is whole, Busy where it is open already, Storage
 */
export async function resumeKeeping(
  host: KeepingHost,
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
    return { keeper: keeper(host, group, writer, logged, release), stored };
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

function keeper(
  { post, clock }: KeepingHost,
  group: KeptGroup,
  writer: SealWriter,
  logged: readonly { readonly begun: RunBegun; readonly log: RunLog }[],
  release: () => void,
): Keeper {
  const logs = new Map(group.runs.map(({ id }, i) => [id, logged[i].log]));
  return new Keeper({ group, writer, logs, post, clock, release });
}
