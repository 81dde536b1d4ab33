/** Files of the command line: read whole with a sentence when that fails, written whole or not at all. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { type BatonError, badFile } from '../errors.ts';

/** Files for people (JSON, lines) are far below this many bytes. */
const MAX_TEXT_BYTES = 256 * 2 ** 20;

/** What the system says, in a few words. */
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

/** A failure of a file that an option names. @param option without dashes. */
function fileError(option: string, path: string, why: string): BatonError {
  return badFile(
    `--${option}`,
    `--${option}: ${path} ${why}`,
    'Nothing was changed. Check the path.',
  );
}

/** The bytes of a file, or null where there is none. @throws BatonError BadFile on the option's name. */
export function readOptional(option: string, path: string): Uint8Array | null {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fileError(option, path, reasonOf(error));
  }
}

/** The text of a UTF-8 file. @throws BatonError BadFile on the option's name. */
export function readText(option: string, path: string): string {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > MAX_TEXT_BYTES) {
      throw fileError(option, path, `has ${size} bytes; at most ${MAX_TEXT_BYTES} are read`);
    }
    bytes = readFileSync(path);
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

/** The parsed JSON of a file. @throws BatonError BadFile on the option's name. */
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
 * Makes a folder and those above it, one by one: Node's own recursion never ends where a file system says of a folder that
 * is there that it is not, as /proc does.
 */
function makeFolders(path: string): void {
  const known = statSync(path, { throwIfNoEntry: false });
  if (known?.isDirectory()) return;
  if (!known && dirname(path) !== path) makeFolders(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been faster.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Makes a folder with those above it. @throws BatonError BadFile on the option's name. */
export function makeFolder(option: string, path: string): void {
  try {
    makeFolders(path);
  } catch (error) {
    throw fileError(option, path, reasonOf(error));
  }
}

/**
 * Writes a file so that a reader, or a machine that stops in between, sees the old one or the new one whole: to a temporary
 * name, to the disk, then renamed. Folders above it are made.
 * @throws BatonError BadFile on the option's name.
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
