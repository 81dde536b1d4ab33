/** Files of the command line: read whole, with a clear error if that fails; written whole or not at all. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type BatonError, badFile } from '../errors.ts';

/** Most bytes of a text file (JSON, lines); real ones are far smaller. */
const MAX_TEXT_BYTES = 256 * 2 ** 20;
/** Bytes asked of a device or pipe at a time. */
const STREAM_BYTES = 2 ** 20;

/** The system's error in a few words. */
function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'is not there';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'ENOTDIR') return 'is not in a folder';
  if (code === 'EEXIST') return 'is there already, and no folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be opened by this user';
  if (code === 'ENOSPC') return 'does not fit on the disk';
  return `cannot be used (${code ?? String(error)})`;
}

/** An error about a file that an option names. @param option without dashes. */
function fileError(option: string, path: string, why: string): BatonError {
  return badFile(
    `--${option}`,
    `--${option}: ${path} ${why}`,
    'Nothing was changed. Check the path.',
  );
}

/**
 * The bytes of a file, or null if there is none.
 * @throws BatonError BadFile with the option as its field, also for devices and pipes: some of them never end
 */
export function readOptional(option: string, path: string): Uint8Array | null {
  try {
    const known = statSync(path);
    if (!known.isFile() && !known.isDirectory()) throw fileError(option, path, 'is no file');
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof Error && error.name === 'BatonError') throw error;
    throw fileError(option, path, reasonOf(error));
  }
}

/** What a device or pipe gives, such as /dev/stdin; null where it gives more than a text may have. */
function readStream(path: string): Uint8Array | null {
  const file = openSync(path, 'r');
  try {
    const parts: Uint8Array[] = [];
    for (let total = 0; total <= MAX_TEXT_BYTES; ) {
      const part = new Uint8Array(STREAM_BYTES);
      const count = readSync(file, part);
      if (count === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, count));
      total += count;
    }
    return null;
  } finally {
    closeSync(file);
  }
}

/** The text of a UTF-8 file. @throws BatonError BadFile with the option as its field. */
export function readText(option: string, path: string): string {
  let bytes: Uint8Array;
  const tooLong = (size: number | string) =>
    fileError(option, path, `has ${size} bytes; at most ${MAX_TEXT_BYTES} are read`);
  try {
    const known = statSync(path);
    if (known.size > MAX_TEXT_BYTES) throw tooLong(known.size);
    const read = known.isFile() || known.isDirectory() ? readFileSync(path) : readStream(path);
    if (read === null) throw tooLong('more');
    bytes = read;
  } catch (error) {
    if (error instanceof Error && error.name === 'BatonError') throw error;
    throw fileError(option, path, reasonOf(error));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fileError(option, path, 'is not text in UTF-8');
  }
}

/** The parsed JSON of a file. @throws BatonError BadFile with the option as its field. */
export function readJson(option: string, path: string): unknown {
  const text = readText(option, path);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message.slice(0, 160) : '';
    throw fileError(option, path, `is not valid JSON: ${why}`);
  }
}

/**
 * Makes a folder and its parents, one by one. Node's own recursion never ends on file systems that deny the existence of a folder
 * that exists, as /proc does.
 */
function makeFolders(path: string): void {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known?.isDirectory()) return;
  if (!known && dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it first.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Makes a folder and its parents. @throws BatonError BadFile with the option as its field. */
export function makeFolder(option: string, path: string): void {
  try {
    makeFolders(path);
  } catch (error) {
    throw fileError(option, path, reasonOf(error));
  }
}

/**
 * Writes a file atomically: readers see the complete old or the complete new file, even if the machine stops in between. Writes to a
 * temporary name, flushes to disk, then renames. Makes parent folders.
 * @throws BatonError BadFile with the option as its field.
 */
export function writeWhole(option: string, path: string, data: Uint8Array | string): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    makeFolders(dirname(path));
    const file = openSync(draft, 'w');
    try {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(option, path, reasonOf(error));
  }
}
