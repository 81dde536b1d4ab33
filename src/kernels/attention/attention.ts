/**
 * Causal grouped-query attention over a packed batch, forward and backward, without a T x T matrix in memory.
 * @see attention-forward-scalar.wgsl, attention-backward-q-scalar.wgsl, attention-backward-kv-scalar.wgsl
 */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel, Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { linearGrid } from '../grid.ts';
import backwardKv from './attention-backward-kv-scalar.wgsl?raw';
import backwardQ from './attention-backward-q-scalar.wgsl?raw';
import forward from './attention-forward-scalar.wgsl?raw';

export interface AttentionShape {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** A multiple of 4, at most 128. */
  readonly headDim: number;
  /** Mean number of keys a query sees, for pacing only. */
  readonly meanKeys: number;
}

export interface AttentionForward extends AttentionShape {
  /** [rows] of (start, end): the rows of the token's own segment. */
  readonly spans: Slice;
  /** [rows, (heads + 2 kvHeads) headDim]: queries, keys, values side by side. */
  readonly qkv: Slice;
  /** [rows, heads headDim] */
  readonly o: Slice;
  /** [rows, heads]: log-sum-exp of the scores, saved for the backward pass. */
  readonly lse: Slice;
}

export interface AttentionBackward extends AttentionForward {
  /** Gradient of o. */
  readonly dO: Slice;
  /** Scratch [rows, heads]. */
  readonly delta: Slice;
  /** Gradient of qkv, written whole. */
  readonly dQkv: Slice;
}

/**
 * Keys in one block of the online softmax. A software adapter compiles in time that grows faster than the loads in the loop's
 * text: for a head of 16, blocks of 8 keys took 8 s of CPU, of 4 keys 3 s, of 2 keys 1 s (lavapipe).
 */
export function keysOfBlock(headDim: number): number {
  return Math.max(1, Math.floor(32 / headDim));
}

export function attentionForwardKernel(headDim: number): Kernel {
  return {
    name: 'attention-forward',
    variant: 'scalar',
    source: expandWgsl(forward, { DIM4: headDim / 4, KEYS: keysOfBlock(headDim) }),
    bindings: ['read', 'read', 'write', 'write'],
  };
}

export function attentionBackwardQKernel(headDim: number): Kernel {
  return {
    name: 'attention-backward-q',
    variant: 'scalar',
    source: expandWgsl(backwardQ, { DIM4: headDim / 4 }),
    bindings: ['read', 'read', 'read', 'read', 'read', 'write', 'write'],
  };
}

export function attentionBackwardKvKernel(headDim: number): Kernel {
  return {
    name: 'attention-backward-kv',
    variant: 'scalar',
    source: expandWgsl(backwardKv, { DIM4: headDim / 4 }),
    bindings: ['read', 'read', 'read', 'read', 'read', 'write'],
  };
}

export function recordAttentionForward(recorder: Recorder, options: AttentionForward): void {
  const { rows, heads, kvHeads, headDim, meanKeys, spans, qkv, o, lse } = options;
  const { grid, width } = linearGrid(rows * heads);
  recorder.add({
    kernel: attentionForwardKernel(headDim),
    words: { u32: [rows, heads, kvHeads, width], f32: [headDim ** -0.5] },
    bind: [spans, qkv, o, lse],
    grid,
    flop: 4 * rows * heads * headDim * meanKeys,
    bytes: 4 * rows * headDim * (2 * heads + 2 * kvHeads),
  });
}

export function recordAttentionBackward(recorder: Recorder, options: AttentionBackward): void {
  const { rows, heads, kvHeads, headDim, meanKeys, spans, qkv, o, lse, dO, delta, dQkv } = options;
  const queries = linearGrid(rows * heads);
  const bytes = 4 * rows * headDim * (3 * heads + 2 * kvHeads);
  recorder.add({
    kernel: attentionBackwardQKernel(headDim),
    words: { u32: [rows, heads, kvHeads, queries.width], f32: [headDim ** -0.5] },
    bind: [spans, qkv, o, dO, lse, delta, dQkv],
    grid: queries.grid,
    flop: 6 * rows * heads * headDim * meanKeys,
    bytes,
  });
  const keys = linearGrid(rows * kvHeads);
  recorder.add({
    kernel: attentionBackwardKvKernel(headDim),
    words: { u32: [rows, heads, kvHeads, keys.width], f32: [headDim ** -0.5] },
    bind: [spans, qkv, dO, lse, delta, dQkv],
    grid: keys.grid,
    flop: 8 * rows * heads * headDim * meanKeys,
    bytes,
  });
}
