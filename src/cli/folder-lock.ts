/**
 * An exclusive lock on a folder that one process writes at a time. It is a file that names its process; the system lets only one of many
 * create it. It outlives a process that was killed, so who finds a lock looks whether its process still runs.
 */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { dirname, join } from 'node:path';
import { BatonError, badFile } from '../errors.ts';

const NAME = 'train.lock';
/** Held while a stale lock is put away, so that of two who find it only one does. */
const TAKING = 'train.lock.taking';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the lock was taken, in words. */
  readonly since: string;
}

/** Locks of this process, by path: its number alone might be that of one that was killed, as in containers. */
const own = new Set<string>();

/**
 * Takes the lock of a folder that is there.
 * @returns gives it back
 * @throws BatonError Busy where another process holds it; BadFile where the folder cannot be written
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

/** Creates a lock. @returns false where there is one */
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
    // What a full disk left is nobody's lock.
    rmSync(path, { force: true });
    throw badFile('--out', `--out: ${path} cannot be written (${code ?? String(error)})`);
  }
}

/** Puts a stale lock away and takes its place. @throws BatonError Busy */
function takeOver(path: string, taking: string): void {
  refuseWhereHeld(path);
  if (!create(taking)) {
    // Those who take over are done in an instant; only a machine that stopped in it leaves this behind.
    throw inUse(path, `another process is about to write there (${taking})`, taking);
  }
  try {
    // Another one may have taken over in between.
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
  // Processes do not outlive their machine; the number may be another's by now.
  if (Date.parse(since) < Date.now() - uptime() * 1000 - 60_000) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and is there.
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
