/** Work that ends with its device: nothing waits for a device that is gone, and what fails because of it says so. */
import { BatonError, type ErrorKind } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';

/** How long a device may take to say that it is gone, after what waited for it has failed. Milliseconds. */
const LAST_WORD_MS = 200;

/** Failures that no device causes. */
const NOT_OF_A_DEVICE: ReadonlySet<ErrorKind> = new Set([
  'BadConfig',
  'BadFile',
  'Busy',
  'Cancelled',
  'NonFinite',
  'Storage',
]);

/**
 * Does work on a device. Where the device is lost, nobody waits for the rest of the work: it may still go on, so it must not hand
 * over anything without asking whether its device is alive.
 * @throws the device's failure where it has one, else what the work throws
 */
export async function whileAlive<T>(gpu: Gpu, work: () => Promise<T>): Promise<T> {
  gpu.assertAlive();
  let leave = () => {};
  const lost = new Promise<never>((_, reject) => {
    leave = gpu.onLost(reject);
  });
  try {
    const result = await Promise.race([work(), lost]);
    gpu.assertAlive();
    return result;
  } catch (error) {
    if (!gpu.failure && mayBeOfADevice(error)) await lastWord(gpu);
    throw gpu.failure ?? error;
  } finally {
    leave();
  }
}

function mayBeOfADevice(error: unknown): boolean {
  return !(error instanceof BatonError && NOT_OF_A_DEVICE.has(error.kind));
}

async function lastWord(gpu: Gpu): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let leave = () => {};
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_WORD_MS);
    leave = gpu.onLost(() => resolve());
  });
  clearTimeout(timer);
  leave();
}
