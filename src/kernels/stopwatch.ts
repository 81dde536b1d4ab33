/**
 * How long rivals take on a device whose clock also counts the way there and back. On a GPU one replay of typical work takes a few
 * hundredths of a millisecond and the round trip one or two. So every reading is of a burst that lasts, recorded as one piece of work
 * without a wait inside, and what an empty burst takes is subtracted.
 */
import type { Gpu } from '../gpu/gpu.ts';
import type { Steps } from '../gpu/kernel.ts';

/** Milliseconds that a burst is to take at the least, beyond an empty one. */
export const LEAST_MS = 10;
/** Replays in a burst at the most. What is too quick even then is not told apart. */
export const MOST_REPLAYS = 256;
/** Rounds of timing. The fastest reading of each rival counts, since disturbances only add time. */
const ROUNDS = 5;

/**
 * Times rivals in turn.
 * @param clock milliseconds
 * @param budget milliseconds after which no further round begins
 * @returns milliseconds of one replay of each; infinite where the clock never told it from nothing, so that a reading of 0 cannot win
 */
export async function timeRivals(
  gpu: Pick<Gpu, 'replay' | 'idle'>,
  rivals: readonly Steps[],
  clock: () => number,
  budget: number,
): Promise<number[]> {
  const burst = async (steps: Steps['steps'], replays: number): Promise<number> => {
    const all = { steps: Array.from({ length: replays }, () => steps).flat() };
    await gpu.idle();
    const from = clock();
    await gpu.replay(all);
    await gpu.idle();
    return clock() - from;
  };
  let empty = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) empty = Math.min(empty, await burst([], 0));
  // The first replay warms up.
  for (const { steps } of rivals) await burst(steps, 1);
  const replays: number[] = [];
  for (const { steps } of rivals) {
    let count = 1;
    while (count < MOST_REPLAYS && (await burst(steps, count)) - empty < LEAST_MS) count *= 2;
    replays.push(count);
  }
  const best = rivals.map(() => Number.POSITIVE_INFINITY);
  const began = clock();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, { steps }] of rivals.entries()) {
      const ms = ((await burst(steps, replays[i])) - empty) / replays[i];
      if (ms > 0) best[i] = Math.min(best[i], ms);
    }
    if (clock() - began > budget) break;
  }
  return best;
}
