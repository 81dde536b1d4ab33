/** The gate of half precision: what it lets through, and what it does not. */
import { afterEach, expect, it, vi } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { gateHalves, packsHalves } from './half-gate.ts';

const gpu = await testGpu();
afterEach(() => vi.restoreAllMocks());

/** Lets every word that is read back go through `change`. */
function reading(change: (word: number) => number): void {
  const original = gpu.readWords.bind(gpu);
  vi.spyOn(gpu, 'readWords').mockImplementation(async (slice) =>
    (await original(slice)).map(change),
  );
}

it('lets this device through', async () => {
  expect(await packsHalves(gpu)).toBe(true);
  await gateHalves(gpu);
});

it.each([
  ['that saturates', (word: number) => ((word & 0x7fff) === 0x7c00 ? word - 1 : word)],
  [
    'that rounds to the half after the next',
    (word: number) => ((word & 0xffff) === 0x3c00 ? word + 2 : word),
  ],
  ['that swaps the two halves of a word', (word: number) => (word << 16) | (word >>> 16)],
])('refuses a device %s', async (_, change) => {
  reading(change);
  expect(await packsHalves(gpu)).toBe(false);
});
