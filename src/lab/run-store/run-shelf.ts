/** The stored runs as a list: what there is, how large it is, and how it goes away. */
import { BatonError, type ErrorReport, toReport } from '../../errors.ts';
import { type Marks, protectedIds, readMarks, withoutRuns, writeMarks } from './marks.ts';
import { readRows, readStored, type StoredGroup, sealNumbers } from './read-stored.ts';
import type { RunRecord } from './run-record.ts';
import { damaged, filesOf, readSeal, type Seal, sealNumber } from './seal.ts';
import type { Shelf, ShelfFile } from './shelf.ts';

/** A group of runs in the list. */
export interface Listed {
  /** Name of its folder. */
  readonly id: string;
  /** Bytes of all its files. */
  readonly bytes: number;
  /** A lab has it open, in this tab or another: it can be neither resumed nor deleted. */
  readonly held: boolean;
  /** Its newest seal whose files are all there; null where there is none. */
  readonly seal: Seal | null;
  /** Why nothing of it can be read; null where something can. */
  readonly problem: ErrorReport | null;
}

/** The right to write to a stored group, or to delete it: one tab has it at a time. */
export interface RunLocks {
  /** Ids of the groups that are open, in this tab or another. */
  held(): Promise<ReadonlySet<string>>;
  /** Takes the right. Resolves to a function that gives it back, or to null where another has it. */
  take(id: string): Promise<(() => void) | null>;
  /** Does some work while nobody else does work of this name. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The newest whole seal of each group and the files that it had then, by id. While they are the same, the seal is not read again. */
export type KnownSeals = Map<string, { readonly files: string; readonly seal: Seal }>;

/** Most groups that are kept. When a run starts beyond that, the oldest that have ended and are not pinned go. */
const MOST_STORED = 200;

export class RunShelf {
  readonly #shelf: Shelf;
  readonly #locks: RunLocks;
  readonly #most: number;
  readonly #known: KnownSeals;

  /** @param known what an earlier shelf of the same place has read */
  constructor(
    shelf: Shelf,
    locks: RunLocks,
    { most = MOST_STORED, known = new Map() }: { most?: number; known?: KnownSeals } = {},
  ) {
    this.#shelf = shelf;
    this.#locks = locks;
    this.#most = most;
    this.#known = known;
  }

  /** All that is stored, the newest first. @throws what the shelf throws */
  async list(): Promise<readonly Listed[]> {
    const held = await this.#locks.held();
    const listed: Listed[] = [];
    const folders = await this.#shelf.folders();
    for (const id of this.#known.keys()) if (!folders.includes(id)) this.#known.delete(id);
    for (const id of folders) {
      const files = await this.#shelf.files(id);
      if (isBegun(files)) listed.push(await this.#listed(id, files, held.has(id)));
    }
    return listed.sort((a, b) => (newness(a) < newness(b) ? 1 : -1));
  }

  async #listed(id: string, files: readonly ShelfFile[], held: boolean): Promise<Listed> {
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const names = JSON.stringify(files.map(({ path, bytes }) => [path, bytes]).sort());
    const known = this.#known.get(id);
    if (known?.files === names) return { id, bytes, held, seal: known.seal, problem: null };
    const { seal, problem } = await this.#newest(id, files);
    if (seal) this.#known.set(id, { files: names, seal });
    return { id, bytes, held, seal, problem };
  }

  async #newest(
    id: string,
    files: readonly ShelfFile[],
  ): Promise<Pick<Listed, 'seal' | 'problem'>> {
    const paths = new Set(files.map(({ path }) => path));
    let problem: ErrorReport | null = null;
    for (const { path } of sealNumbers(files)) {
      try {
        const seal = await readSeal((await this.#shelf.read(`${id}/${path}`)) ?? new Uint8Array());
        const missing = [...filesOf(seal)].find((file) => !paths.has(file));
        if (missing === undefined) return { seal, problem: null };
        throw damaged('data', `is not whole: ${missing} is gone`);
      } catch (error) {
        if (!(error instanceof BatonError)) throw error;
        problem ??= toReport(error);
      }
    }
    return { seal: null, problem };
  }

  /** What a group has recorded up to its last checkpoint, also while it runs. @throws as `readStored` */
  read(id: string): Promise<StoredGroup> {
    return readStored(this.#shelf, id);
  }

  /** What the runs of a listed group have told in numbers. @throws as `readRows` */
  rows(id: string, seal: Seal): Promise<readonly RunRecord[]> {
    return readRows(this.#shelf, id, seal);
  }

  /** What a person has said of the runs. @throws BatonError BadFile, what the shelf throws */
  marks(): Promise<Marks> {
    return readMarks(this.#shelf);
  }

  /** Changes it, one change at a time in all tabs. @returns what stands then */
  async mark(change: (marks: Marks) => Marks): Promise<Marks> {
    return this.#locks.alone('marks', () => writeMarks(this.#shelf, change));
  }

  /** With the notes at its steps. @throws BatonError Busy where a lab has it open; what the shelf throws */
  async remove(id: string): Promise<void> {
    const release = await this.#locks.take(id);
    if (!release) throw openElsewhere('deleted');
    try {
      await this.#shelf.remove(id);
    } finally {
      release();
    }
    // The run is gone all the same where its notes cannot be taken away.
    await this.#forgetNotes(id).catch(() => undefined);
  }

  async #forgetNotes(id: string): Promise<void> {
    const marks = await this.marks();
    if (withoutRuns(marks, id) !== marks) await this.mark((now) => withoutRuns(now, id));
  }

  /** Removes what never came to a first seal, and the oldest that have ended where there are too many. */
  async makeRoom(): Promise<void> {
    const held = await this.#locks.held();
    for (const id of await this.#shelf.folders())
      if (!held.has(id) && !isBegun(await this.#shelf.files(id))) await this.#discard(id);
    const listed = await this.list();
    // Where it cannot be read what is pinned, everything stays.
    const marks = await readMarks(this.#shelf).catch(() => null);
    if (!marks) return;
    const kept = protectedIds(marks);
    const ended = listed.filter(
      ({ id, seal, held }) => !held && !kept.has(id) && seal && seal.state !== 'open',
    );
    const excess = Math.max(0, listed.length + 1 - this.#most);
    for (const { id } of ended.slice(Math.max(0, ended.length - excess))) await this.#discard(id);
  }

  /** Removes a folder unless somebody has just opened it. */
  async #discard(id: string): Promise<void> {
    await this.remove(id).catch((error) => {
      if (!(error instanceof BatonError && error.kind === 'Busy')) throw error;
    });
  }
}

const isBegun = (files: readonly ShelfFile[]) =>
  files.some(({ path }) => sealNumber(path) !== null);

/** When it was written last; ids begin with the time at which the group was begun. */
const newness = ({ id, seal }: Listed) => seal?.saved ?? id;

/** @param what cannot be done to it, as a participle */
export function openElsewhere(what: string): BatonError {
  return new BatonError({
    kind: 'Busy',
    message: `This run is open, so it cannot be ${what}`,
    remedy: 'Reset it in the lab, or close the other tab that has it open. Nothing was changed.',
  });
}
