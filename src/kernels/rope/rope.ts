/** Rotary position embedding (Su et al., arXiv 2104.09864), half-split pairs as in Llama. @see rope.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel, Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import source from './rope.wgsl?raw';

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

/** @param vector neighbouring pairs of one invocation: 4, or 2 for heads that are no multiple of 8 */
export function ropeKernel(backward: boolean, vector: 2 | 4): Kernel {
  return {
    name: backward ? 'rope-backward' : 'rope',
    variant: 'plain',
    source: expandWgsl(source, { BACKWARD: Number(backward), V: vector }),
    bindings: ['read', 'read', 'write'],
  };
}

export function recordRope(recorder: Recorder, options: RopeOptions): void {
  const { rows, heads, headDim, stride, positions, table, x, backward } = options;
  const items = (rows * heads * headDim) / 2;
  const vector = headDim % 8 === 0 ? 4 : 2;
  const half = headDim / 2 / vector;
  recorder.add({
    kernel: ropeKernel(backward, vector),
    words: { u32: [rows, heads, half, stride / vector] },
    bind: [positions, table, x],
    grid: rowGrid(rows, heads * half),
    flop: 6 * items,
    bytes: 24 * items,
  });
}
