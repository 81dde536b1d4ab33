import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { expect, it, test } from 'vitest';
import { fileLimit, requireFileRoom } from './file-limit.ts';

const text = (soft: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax file size             ${soft}                unlimited            bytes     \n`;

it.each([
  ['unlimited', Number.POSITIVE_INFINITY],
  ['65536', 65536],
])('a limit of %s is %d bytes', (soft, bytes) => {
  expect(fileLimit(text(soft))).toBe(bytes);
});

it('is refused by name where it is below what a buffer may need, and else not', () => {
  const given = (soft: string) => () => requireFileRoom(() => text(soft));
  expect(given('65536')).toThrow(
    expect.objectContaining({
      kind: 'OutOfMemory',
      message: expect.stringMatching(/65536.*ulimit -f/),
    }),
  );
  expect(given('268435456')).not.toThrow();
  expect(given('unlimited')).not.toThrow();
  expect(() => requireFileRoom(() => '')).not.toThrow();
});

test.runIf(existsSync('/proc/self/limits'))('the system’s own text is read', () => {
  const limited = spawnSync('bash', ['-c', 'ulimit -f 64; cat /proc/self/limits'], {
    encoding: 'utf8',
  });
  expect(fileLimit(limited.stdout)).toBe(64 * 1024);
  expect(fileLimit(readFileSync('/proc/self/limits', 'utf8'))).toBeGreaterThan(0);
});
