import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockFolder } from './folder-lock.ts';
import { scratchFolder } from './testing/lab.ts';

const scratch = scratchFolder();
let made = 0;
function folder(): string {
  made += 1;
  const path = join(scratch, `${made}`);
  mkdirSync(path);
  return path;
}

/** A process that does nothing. */
function idler() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Puts the lock of another process into a folder. */
function lockAs(path: string, holder: unknown): void {
  const text = typeof holder === 'string' ? holder : JSON.stringify(holder);
  writeFileSync(join(path, 'train.lock'), text);
}

describe('the lock of a folder', () => {
  it('lets one in at a time, in this process too, and the next when it is given back', () => {
    const path = folder();
    const unlock = lockFolder(path);
    expect(() => lockFolder(path)).toThrow('is in use');
    unlock();
    lockFolder(path)();
    expect(existsSync(join(path, 'train.lock'))).toBe(false);
  });

  it('is kept by a process that runs, named in the message, and falls to the next once that has ended', async () => {
    const path = folder();
    const other = idler();
    lockAs(path, { pid: other.pid, host: hostname(), since: new Date().toISOString() });
    expect(() => lockFolder(path)).toThrow(`process ${other.pid} has been writing there since`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    lockFolder(path);
    expect(JSON.parse(readFileSync(join(path, 'train.lock'), 'utf8')).pid).toBe(process.pid);
  });

  it('is stale where its process had the number of this one, or ran before the machine started', () => {
    const path = folder();
    const host = hostname();
    lockAs(path, { pid: process.pid, host, since: new Date().toISOString() });
    lockFolder(path)();
    lockAs(path, { pid: process.ppid, host, since: '2001-01-01T00:00:00Z' });
    lockFolder(path)();
  });

  it('is respected where nobody can tell whether it is stale', () => {
    const path = folder();
    lockAs(path, { pid: 7, host: 'another-machine', since: new Date().toISOString() });
    expect(() => lockFolder(path)).toThrow('process 7 on another-machine');
    for (const text of ['', '{', '[]', '{"pid":-1}', '{"pid":1e99,"host":"a","since":"b"}']) {
      lockAs(path, text);
      expect(() => lockFolder(path), text).toThrow('does not say which process');
    }
  });

  it('is taken over by one of two who both find it stale', () => {
    const path = folder();
    lockAs(path, { pid: process.pid, host: hostname(), since: new Date().toISOString() });
    writeFileSync(join(path, 'train.lock.taking'), '');
    expect(() => lockFolder(path)).toThrow('another process is about to write there');
  });
});
