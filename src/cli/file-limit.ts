/**
 * The largest file that this process may write (`ulimit -f`). Software Vulkan drivers keep the GPU's memory in unnamed files: where such a
 * file may not grow, the system ends the process with a bus error in the middle of a run, and no program can catch that.
 */
import { readFileSync } from 'node:fs';
import { BatonError } from '../errors.ts';

/** The largest buffer that WebGPU guarantees: no single file of a driver has to be larger. */
const LEAST_BYTES = 256 * 2 ** 20;

/** The soft limit in the text of Linux's /proc/self/limits, bytes; infinite where there is none. */
export function fileLimit(limits: string): number {
  const soft = /^Max file size\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

/** @throws OutOfMemory where a driver's files could not grow as large as a buffer */
export function requireFileRoom(read: () => string = systemLimits): void {
  const limit = fileLimit(read());
  if (limit >= LEAST_BYTES) return;
  throw new BatonError({
    kind: 'OutOfMemory',
    message: `Files may have ${limit} bytes here (ulimit -f); the GPU's driver needs ${LEAST_BYTES}`,
    remedy: 'Raise the limit, for example with `ulimit -f unlimited`, and start again.',
  });
}

/** Empty where the system does not say. */
function systemLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
