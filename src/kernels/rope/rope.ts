/** Rotary position embedding (Su et al., arXiv 2104.09864), half-split pairs as in Llama. @see rope.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import type { KvCache } from '../attention/decode-attention.ts';
import { rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';

const source = loadTemplate('rope/rope.wgsl');

export interface RopeOptions {
  readonly rows: number;
  /** Heads to turn: queries and keys, side by side at the start of each row. */
  readonly heads: number;
  /** A multiple of 4. */
  readonly headDim: number;
  /** Numbers from one row to the next, a multiple of 4. */
  readonly stride: number;
  /** [rows] u32 */
  readonly positions: Slice;
  /** From `ropeTable`. */
  readonly table: Slice;
  /** [rows, stride], changed in place. */
  readonly x: Slice;
  readonly backward: boolean;
  /** Also writes the turned keys and the values of each row into a cache: forward only, for rows of (heads - kvHeads) q | k | v. */
  readonly append?: CacheAppend;
}

/** Where the keys and values of new tokens go. */
export interface CacheAppend {
  readonly kvHeads: number;
  /** [rows, PLACE_WORDS] u32, of which the first is the slot. */
  readonly places: Slice;
  readonly cache: KvCache;
}

/** Cosines and sines [positions, headDim / 2, 2], computed in float64. */
export function ropeTable(
  positions: number,
  headDim: number,
  theta: number,
): Float32Array<ArrayBuffer> {
  const half = headDim / 2;
  const table = new Float32Array(positions * headDim);
  for (let i = 0; i < half; i++) {
    const frequency = theta ** ((-2 * i) / headDim);
    for (let position = 0; position < positions; position++) {
      table[2 * (position * half + i)] = Math.cos(position * frequency);
      table[2 * (position * half + i) + 1] = Math.sin(position * frequency);
    }
  }
  return table;
}

/**
 * @param vector how many neighbouring pairs one invocation turns: 4, or 2 where the head's width is no multiple of 8
 * @param append whether keys and values go into a cache as well
 */
export function ropeKernel(backward: boolean, vector: 2 | 4, append = false): Kernel {
  const name = append ? 'rope-append' : 'rope';
  return {
    name: backward ? 'rope-backward' : name,
    variant: 'plain',
    source: expandWgsl(source, {
      BACKWARD: Number(backward),
      APPEND: Number(append),
      V: vector,
    }),
    bindings: append
      ? ['read', 'read', 'write', 'read', 'write', 'write']
      : ['read', 'read', 'write'],
  };
}

export function recordRope(recorder: Recorder, options: RopeOptions): void {
  const { rows, heads, headDim, stride, positions, table, x, backward, append } = options;
  const vector = headDim % 8 === 0 ? 4 : 2;
  const half = headDim / 2 / vector;
  const turned = rows * heads * headDim;
  const bytes = bytesOf(x, 2 * turned) + 4 * turned;
  if (!append) {
    recorder.add({
      kernel: ropeKernel(backward, vector),
      words: { u32: [rows, heads, half, stride / vector] },
      bind: [positions, table, x],
      grid: rowGrid(rows, heads * half),
      flop: 3 * turned,
      bytes,
    });
    return;
  }
  if (backward) throw new RangeError('rope: a gradient goes into no cache');
  const { kvHeads, places, cache } = append;
  const copied = rows * kvHeads * headDim;
  recorder.add({
    kernel: ropeKernel(false, vector, true),
    words: { u32: [rows, heads, half, stride / vector, kvHeads, cache.slots] },
    bind: [positions, table, x, places, cache.keys, cache.values],
    grid: rowGrid(rows, (heads + kvHeads) * half),
    flop: 3 * turned,
    bytes: bytes + bytesOf(x, copied) + bytesOf(cache.keys, 2 * copied),
  });
}
