/** What hands out GPU memory, so that a plan counts with the code that will hold it. */
import { bytesOf, type Slice } from './buffers.ts';

/** A device, or a tally that only counts. */
export interface Memory {
  /** `count` numbers: floats, or with `half` f16. @see half-storage.ts */
  allocateNumbers(label: string, count: number, half: boolean): Slice;
}

/** Bytes that a storage buffer of `bytes` bytes takes: a multiple of 16, and never none. */
export function storedBytes(bytes: number): number {
  return Math.max(16, Math.ceil(bytes / 16) * 16);
}

/** Bytes. What is larger has one of a few sizes when it is read: whole parameters and moments. */
const MANY_SIZES = 2 ** 20;

/**
 * Bytes of the buffer through which `size` bytes are read. These buffers are kept, and small reads come in as many sizes as batches have
 * tokens; so small sizes are rounded up to a power of two.
 */
export function readbackBytes(size: number): number {
  return size > MANY_SIZES ? size : 2 ** Math.ceil(Math.log2(size));
}

/** Stands for the buffer of a slice that is only counted. */
const NOTHING = {} as GPUBuffer;

/** Counts what would be allocated, and allocates nothing. Its slices have sizes and no memory. */
export class MemoryTally implements Memory {
  #bytes = 0;
  #largest = { label: '', bytes: 0 };

  get bytes(): number {
    return this.#bytes;
  }

  /** The largest single buffer: a device's limits bound each. */
  get largest(): { readonly label: string; readonly bytes: number } {
    return this.#largest;
  }

  allocateNumbers(label: string, count: number, half: boolean): Slice {
    const size = storedBytes(bytesOf(half ? { half } : {}, count));
    this.#bytes += size;
    if (size > this.#largest.bytes) this.#largest = { label, bytes: size };
    return { buffer: NOTHING, offset: 0, size };
  }
}
