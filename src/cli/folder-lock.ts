/**
 * An exclusive lock on a folder, so that only one process writes to it at a time. The lock is a file that names its process, and the
 * system lets only one process create it. It outlives a process that is killed, so whoever finds a lock checks whether its process
 * is still running.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { BatonError, badFile } from '../errors.ts';

const NAME = 'train.lock';
/** A second lock, held while a stale lock is replaced, so that of two processes that find it only one does so. */
const TAKING = 'train.lock.taking';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, as text. */
  readonly since: string;
}

/** Locks held by this process, by path. Its pid alone does not tell: in containers, a killed process may have had the same one. */
const own = new Set<string>();

/**
 * Takes the lock of an existing folder.
 * @returns a function that releases it
 * @throws BatonError Busy if another process holds it; BadFile if the folder cannot be written
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, NAME);
  if (!create(path)) takeOver(path, join(folder, TAKING));
  own.add(path);
  return () => {
    own.delete(path);
    rmSync(path, { force: true });
  };
}

/** Creates a lock. @returns false if there is one already */
function create(path: string): boolean {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
  };
  try {
    writeFileSync(path, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // A file left by a full disk is nobody's lock.
    rmSync(path, { force: true });
    throw badFile('--out', `--out: ${path} cannot be written (${code ?? String(error)})`);
  }
}

/** Replaces a stale lock. @throws BatonError Busy */
function takeOver(path: string, taking: string): void {
  refuseWhereHeld(path);
  if (!create(taking)) {
    // Taking over lasts an instant; this file stays behind only if the machine stops during it.
    throw inUse(path, `another process is about to write there (${taking})`, taking);
  }
  try {
    // Another process may have taken over in the meantime.
    refuseWhereHeld(path);
    rmSync(path, { force: true });
    if (!create(path)) throw inUse(path, 'another process has begun to write there', path);
  } finally {
    rmSync(taking, { force: true });
  }
}

function refuseWhereHeld(path: string): void {
  const holder = read(path);
  if (holder === 'gone') return;
  if (holder === 'unreadable') {
    throw inUse(path, 'its lock does not say which process holds it', path);
  }
  if (holder.host !== hostname()) {
    throw inUse(path, `process ${holder.pid} on ${holder.host} writes there, or did`, path);
  }
  if (isAlive(path, holder)) {
    throw inUse(path, `process ${holder.pid} has been writing there since ${holder.since}`, path);
  }
}

function isAlive(path: string, { pid, since }: Holder): boolean {
  if (pid === process.pid) return own.has(path);
  // Processes do not survive a restart of the machine; another process may have this pid now.
  if (Date.parse(since) < Date.now() - uptime() * 1000 - 60_000) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // No permission to signal it: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function read(path: string): Holder | 'gone' | 'unreadable' {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return statSync(path, { throwIfNoEntry: false }) ? 'unreadable' : 'gone';
  }
  try {
    const { pid, host, since } = JSON.parse(text) as Partial<Holder>;
    const sound =
      Number.isSafeInteger(pid) && Number(pid) > 0 && typeof host === 'string' && !!since;
    return sound && pid && host && since ? { pid, host, since: String(since) } : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function inUse(path: string, why: string, file: string): BatonError {
  return new BatonError({
    kind: 'Busy',
    field: '--out',
    message: `--out: ${dirname(path)} is in use: ${why}`,
    remedy: `Nothing was changed. Wait for it, or choose another folder; if no run is under way, delete ${file}.`,
  });
}
