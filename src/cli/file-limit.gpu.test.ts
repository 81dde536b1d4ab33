/** A command under a limit on files ends by itself, with the reason: a driver whose file may not grow ends the process with a bus error. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labChild, root, scratchFolder } from './testing/lab.ts';

const LIMITED = 'ulimit -f 64; exec "$0" "$@"';
const folder = scratchFolder();

test.runIf(existsSync('/proc/self/limits')).each([
  ['checks kernels', ['check', '--kernel', 'rope', '--sizes', 'few']],
  ['makes a report', ['check', '--report', 'report.json']],
])(
  'a command that %s under ulimit -f says so and ends',
  { timeout: 300_000 },
  async (_what, args) => {
    // The build is made first: it writes larger files.
    expect((await labChild(['--version'], folder)).status).toBe(0);
    const { signal, status, stdout } = spawnSync(
      'bash',
      ['-c', LIMITED, process.execPath, join(root, 'scripts/lab.mjs'), ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ signal, status }).toEqual({ signal: null, status: 1 });
    expect(JSON.parse(stdout)).toMatchObject({
      error: { kind: 'OutOfMemory', message: expect.stringContaining('ulimit -f') },
    });
  },
);
