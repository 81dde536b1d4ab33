/** Reads a stored group of runs back, from its newest seal that is whole. Nothing of it is used before all of it was checked. */
import { BatonError } from '../../errors.ts';
import { type FileReader, sha256Hex } from '../../model/load.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import type { Manifest } from '../../rl/records.ts';
import { readHead } from '../checkpoint.ts';
import { readLog } from './run-log.ts';
import type { RunRecord } from './run-record.ts';
import {
  damaged,
  readSeal,
  type Seal,
  type SealedFile,
  type SealedRun,
  sealNumber,
} from './seal.ts';
import type { RunBegun } from './seal-writer.ts';
import type { Shelf, ShelfFile } from './shelf.ts';

/** One run as it was stored. */
export interface StoredRun {
  readonly begun: RunBegun;
  readonly manifest: Manifest;
  readonly step: number;
  readonly hash: string;
  readonly record: RunRecord;
  /** The checkpoint, for `decodeCheckpoint`. */
  readonly head: Uint8Array;
  readonly read: FileReader;
}

export interface StoredGroup {
  readonly seal: Seal;
  readonly runs: readonly StoredRun[];
  /** Of all numbers that seals in the folder have. */
  readonly highest: number;
  /** Why a newer moment is not the one that is read; null where this is the newest. */
  readonly fellBack: BatonError | null;
}

/** Numbers of the seals among these files, the newest first. */
export function sealNumbers(
  files: readonly ShelfFile[],
): readonly { number: number; path: string }[] {
  return files
    .flatMap(({ path }) => {
      const number = sealNumber(path);
      return number === null ? [] : [{ number, path }];
    })
    .sort((a, b) => b.number - a.number);
}

/**
 * @param folder the group's, at the top of the shelf
 * @throws BatonError BadFile where nothing of it is whole, with what is wrong with the newest; what the shelf throws
 */
export async function readStored(shelf: Shelf, folder: string): Promise<StoredGroup> {
  const seals = sealNumbers(await shelf.files(folder));
  let first: BatonError | null = null;
  for (const { path } of seals) {
    try {
      const bytes = await shelf.read(`${folder}/${path}`);
      if (bytes === null) throw damaged('seal', 'is gone');
      const seal = await readSeal(bytes);
      const runs: StoredRun[] = [];
      for (const run of seal.runs) runs.push(await readRun(shelf, folder, run));
      return { seal, runs, highest: seals[0].number, fellBack: first };
    } catch (error) {
      if (!(error instanceof BatonError)) throw error;
      first ??= error;
    }
  }
  throw first ?? damaged('data', 'is not in this browser any more: it may have been evicted');
}

/**
 * Only what the runs of a seal have told in numbers, without their states and samples: for lists of many runs.
 * @throws BatonError BadFile for a file that is gone or altered; what the shelf throws
 */
export async function readRows(
  shelf: Shelf,
  folder: string,
  seal: Seal,
): Promise<readonly RunRecord[]> {
  const records: RunRecord[] = [];
  for (const { rows, step } of seal.runs)
    records.push(readLog(await textOf(shelf, folder, 'rows', rows), '', step));
  return records;
}

async function load(
  shelf: Shelf,
  folder: string,
  part: string,
  { path, bytes, sha256 }: SealedFile,
): Promise<Uint8Array> {
  const found = await shelf.read(`${folder}/${path}`);
  if (found === null) throw damaged(part, 'is gone: the browser may have evicted it');
  if (found.length !== bytes) throw damaged(part, `has ${found.length} bytes of ${bytes}`);
  if ((await sha256Hex(found)) !== sha256) throw damaged(part, 'was altered');
  return found;
}

async function textOf(
  shelf: Shelf,
  folder: string,
  part: string,
  files: readonly SealedFile[],
): Promise<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for (const file of files) pieces.push(decoder.decode(await load(shelf, folder, part, file)));
  return pieces.join('');
}

async function readRun(shelf: Shelf, folder: string, sealed: SealedRun): Promise<StoredRun> {
  const head = await load(shelf, folder, 'checkpoint', sealed.head);
  const { buffers, files } = await readHead(head);
  const at = sealed.head.path.slice(0, sealed.head.path.lastIndexOf('/'));
  const parts = new Map<string, Uint8Array>();
  for (const [name, part] of [...Object.entries(buffers), ...Object.entries(files)])
    parts.set(part.file, await load(shelf, folder, name, { ...part, path: `${at}/${part.file}` }));
  const begun = parseExperiment(sealed.experiment);
  if (!begun.ok)
    throw damaged('experiment', `is not one of this build: ${begun.problems[0]?.message}`);
  const { label, apart, step, hash } = sealed;
  return {
    begun: { label, apart, experiment: begun.experiment },
    ...{ step, hash, head },
    manifest: sealed.manifest as unknown as Manifest,
    record: readLog(
      await textOf(shelf, folder, 'rows', sealed.rows),
      await textOf(shelf, folder, 'samples', sealed.samples),
      step,
    ),
    read: async (name) => parts.get(name) ?? null,
  };
}
