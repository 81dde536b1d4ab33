/** SwiGLU (Shazeer, arXiv 2002.05202) and its gradient. @see swiglu-forward.wgsl, swiglu-backward.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel, Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import backward from './swiglu-backward.wgsl?raw';
import forward from './swiglu-forward.wgsl?raw';

export interface SwigluOptions {
  readonly rows: number;
  readonly width: number;
  /** [rows, 2 width]: gate, then up. The backward pass replaces it by its gradient. */
  readonly gateUp: Slice;
  /** Forward: h [rows, width], written. Backward: its gradient, read. */
  readonly h: Slice;
}

export function swigluKernel(direction: 'forward' | 'backward'): Kernel {
  return {
    name: `swiglu-${direction}`,
    variant: 'plain',
    source: expandWgsl(direction === 'forward' ? forward : backward, {}),
    bindings: ['read', 'write'],
  };
}

export function recordSwiglu(
  recorder: Recorder,
  direction: 'forward' | 'backward',
  options: SwigluOptions,
): void {
  const { rows, width, gateUp, h } = options;
  recorder.add({
    kernel: swigluKernel(direction),
    words: { u32: [rows, width / 4] },
    bind: direction === 'forward' ? [gateUp, h] : [h, gateUp],
    grid: rowGrid(rows, width / 4),
    flop: 12 * rows * width,
    bytes: (direction === 'forward' ? 12 : 20) * rows * width,
  });
}
