/** Keeps rows under the slots of a cache. @see keep-rows.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { piecesOf, type RowPiece } from './pieces.ts';

const source = loadTemplate('rows/keep-rows.wgsl');

export interface KeepRows {
  readonly rows: number;
  readonly width: number;
  readonly slots: number;
  /** [rows, 4] u32, of which the first is the row's slot; one from `slots` on stands for none. */
  readonly places: Slice;
  /** [rows, width] */
  readonly x: Slice;
  /** [slots, width] */
  readonly y: Slice;
}

export function keepRowsKernel(piece: RowPiece = 'vec4f'): Kernel {
  return {
    name: 'keep-rows',
    variant: 'plain',
    source: expandWgsl(source, { T: piece }),
    bindings: ['read', 'read', 'write'],
  };
}

export function recordKeepRows(recorder: Recorder, options: KeepRows): void {
  const { rows, width, slots, places, x, y } = options;
  const { piece, columns } = piecesOf(width);
  recorder.add({
    kernel: keepRowsKernel(piece),
    words: { u32: [rows, columns, slots] },
    bind: [places, x, y],
    grid: rowGrid(rows, columns),
    bytes: 8 * rows * width,
  });
}
