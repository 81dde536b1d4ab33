/** Adds partial sums in a fixed order. @see add-planes.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { linearGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';

const source = loadTemplate('reduce/add-planes.wgsl');

export interface AddPlanesOptions {
  /** [planeCount, count] */
  readonly planes: Slice;
  /** [count] */
  readonly target: Slice;
  readonly count: number;
  readonly planeCount: number;
  readonly accumulate?: boolean;
}

export function addPlanesKernel(accumulate: boolean): Kernel {
  return {
    name: 'add-planes',
    variant: 'plain',
    source: expandWgsl(source, { ACCUMULATE: Number(accumulate) }),
    bindings: ['read', 'write'],
  };
}

export function recordAddPlanes(recorder: Recorder, options: AddPlanesOptions): void {
  const { planes, target, count, planeCount, accumulate = false } = options;
  const { grid, width } = linearGrid(count / 4);
  recorder.add({
    kernel: addPlanesKernel(accumulate),
    words: { u32: [count / 4, planeCount, width] },
    bind: [planes, target],
    grid,
    flop: count * planeCount,
    bytes: 4 * count * (planeCount + 1),
  });
}
