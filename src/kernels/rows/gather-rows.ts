/** Picks rows by index. @see gather-rows.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { piecesOf, type RowPiece } from './pieces.ts';

const source = loadTemplate('rows/gather-rows.wgsl');

/** An index that stands for a row of zeros. */
export const NO_ROW = 0xffffffff;

export interface GatherRows {
  readonly rows: number;
  readonly width: number;
  /** [rows] u32 */
  readonly index: Slice;
  /** [any, width] */
  readonly x: Slice;
  /** [rows, width] */
  readonly y: Slice;
}

export function gatherRowsKernel(piece: RowPiece = 'vec4f'): Kernel {
  return {
    name: 'gather-rows',
    variant: 'plain',
    source: expandWgsl(source, { T: piece }),
    bindings: ['read', 'read', 'write'],
  };
}

export function recordGatherRows(recorder: Recorder, options: GatherRows): void {
  const { rows, width, index, x, y } = options;
  const { piece, columns } = piecesOf(width);
  recorder.add({
    kernel: gatherRowsKernel(piece),
    words: { u32: [rows, columns] },
    bind: [index, x, y],
    grid: rowGrid(rows, columns),
    bytes: 8 * rows * width,
  });
}
