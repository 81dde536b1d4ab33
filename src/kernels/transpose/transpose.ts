/** Turns a matrix round. @see transpose.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';

const source = loadTemplate('transpose/transpose.wgsl');

export interface Transpose {
  /** A multiple of 4. */
  readonly rows: number;
  /** A multiple of 4. */
  readonly columns: number;
  /** [rows, columns] */
  readonly x: Slice;
  /** [columns, rows] */
  readonly y: Slice;
}

export function transposeKernel(): Kernel {
  return {
    name: 'transpose',
    variant: 'plain',
    source: expandWgsl(source, {}),
    bindings: ['read', 'write'],
  };
}

/** @throws RangeError where a size is no multiple of 4 */
export function recordTranspose(recorder: Recorder, { rows, columns, x, y }: Transpose): void {
  if (rows % 4 !== 0 || columns % 4 !== 0)
    throw new RangeError(`transpose: ${rows} x ${columns} is not in blocks of 4 x 4`);
  recorder.add({
    kernel: transposeKernel(),
    words: { u32: [rows / 4, columns / 4] },
    bind: [x, y],
    grid: rowGrid(rows / 4, columns / 4),
    bytes: bytesOf(x, rows * columns) + bytesOf(y, rows * columns),
  });
}
