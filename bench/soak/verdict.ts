/** Whether the memory of a long run is flat, by a rule that was stated before the first run. */

/** What is held after a step, read after garbage collection. MiB, but for the bytes of the device's buffers. */
export interface MemorySample {
  readonly step: number;
  /** JavaScript objects. */
  readonly heap: number;
  /** Array buffers, which lie outside the heap. */
  readonly buffers: number;
  /** The whole process, with the driver's memory where that is a software driver. */
  readonly rss: number;
  readonly gpuBytes: number;
}

/** Most MiB by which the later median may exceed the earlier one. A value a step of 1 KiB or more is seen after 1,000 steps. */
export const ROOM = { heap: 1, buffers: 1, rss: 16 } as const;

export interface Verdict {
  readonly flat: boolean;
  /** MiB, the later median less the earlier one. */
  readonly grown: Readonly<Record<keyof typeof ROOM | 'gpu', number>>;
}

/**
 * Compares the second quarter of the samples with the last one; the first quarter fills caches. Heap, array buffers and process may
 * differ by their room, and the device's buffers not at all. Falling is flat.
 * @param samples at least eight, at equal distances
 * @throws RangeError for fewer
 */
export function verdictOf(samples: readonly MemorySample[]): Verdict {
  const quarter = Math.floor(samples.length / 4);
  if (quarter < 2) throw new RangeError(`${samples.length} samples are too few for a verdict`);
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  const growth = (key: keyof MemorySample) => median(late, key) - median(early, key);
  const gpu = growth('gpuBytes') / 2 ** 20;
  const grown = { heap: growth('heap'), buffers: growth('buffers'), rss: growth('rss'), gpu };
  const within = Object.entries(ROOM).every(
    ([key, room]) => growth(key as keyof typeof ROOM) <= room,
  );
  return { flat: within && gpu <= 0, grown };
}

function median(samples: readonly MemorySample[], key: keyof MemorySample): number {
  const sorted = samples.map((sample) => sample[key]).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
