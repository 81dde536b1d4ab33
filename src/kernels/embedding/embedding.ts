/** Token embedding and its gradient. @see embedding-forward.wgsl, embedding-backward.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { linearGrid, rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';

const backward = loadTemplate('embedding/embedding-backward.wgsl');
const forward = loadTemplate('embedding/embedding-forward.wgsl');

export interface EmbeddingForward {
  readonly rows: number;
  readonly width: number;
  /** [rows] u32 */
  readonly ids: Slice;
  /** [vocabulary, width] */
  readonly table: Slice;
  /** [rows, width] */
  readonly x: Slice;
}

export interface EmbeddingBackward {
  readonly rows: number;
  readonly width: number;
  /** The most different tokens that a batch may hold: min(rows, vocabulary). */
  readonly capacity: number;
  /** From `tokenLists`. */
  readonly lists: Slice;
  /** [rows, width] */
  readonly dx: Slice;
  /** [vocabulary, width]; added to. */
  readonly dTable: Slice;
}

/** u32 words of the lists of a batch. */
export function tokenListWords(rows: number, capacity: number): number {
  return 2 * capacity + 1 + rows + 1;
}

/**
 * Rows by token, by a stable counting sort: used tokens in order of id, offsets, and row numbers in order. Rows from
 * `count` on are padding and are not listed.
 */
export function tokenLists(
  ids: Uint32Array,
  count: number,
  rows: number,
  capacity: number,
): Uint32Array<ArrayBuffer> {
  const byToken = new Map<number, number[]>();
  for (let row = 0; row < count; row++) {
    const id = ids[row];
    const list = byToken.get(id);
    if (list) list.push(row);
    else byToken.set(id, [row]);
  }
  const lists = new Uint32Array(tokenListWords(rows, capacity));
  const order = 2 * capacity + 1;
  let at = 0;
  let u = 0;
  for (const id of [...byToken.keys()].sort((a, b) => a - b)) {
    lists[u] = id;
    lists[capacity + u] = at;
    for (const row of byToken.get(id) ?? []) lists[order + at++] = row;
    lists[capacity + ++u] = at;
  }
  lists[order + rows] = u;
  return lists;
}

export function embeddingForwardKernel(): Kernel {
  return {
    name: 'embedding-forward',
    variant: 'plain',
    source: expandWgsl(forward, {}),
    bindings: ['read', 'read', 'write'],
  };
}

export function embeddingBackwardKernel(): Kernel {
  return {
    name: 'embedding-backward',
    variant: 'plain',
    source: expandWgsl(backward, {}),
    bindings: ['read', 'read', 'write'],
  };
}

export function recordEmbeddingForward(recorder: Recorder, options: EmbeddingForward): void {
  const { rows, width, ids, table, x } = options;
  recorder.add({
    kernel: embeddingForwardKernel(),
    words: { u32: [rows, width / 4] },
    bind: [ids, table, x],
    grid: rowGrid(rows, width / 4),
    bytes: bytesOf(table, rows * width) + 4 * rows * width,
  });
}

export function recordEmbeddingBackward(recorder: Recorder, options: EmbeddingBackward): void {
  const { rows, width, capacity, lists, dx, dTable } = options;
  const { grid, width: gridWidth } = linearGrid((capacity * width) / 4);
  recorder.add({
    kernel: embeddingBackwardKernel(),
    words: { u32: [capacity, width / 4, rows, gridWidth] },
    bind: [lists, dx, dTable],
    grid,
    flop: rows * width,
    bytes: 8 * rows * width,
  });
}
