/** SwiGLU (Shazeer, arXiv 2002.05202) and its gradient. @see swiglu-forward.wgsl, swiglu-backward.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';

const backward = loadTemplate('swiglu/swiglu-backward.wgsl');
const forward = loadTemplate('swiglu/swiglu-forward.wgsl');

export interface SwigluForward {
  readonly rows: number;
  readonly width: number;
  /** [rows, 2 width]: gate, then up. */
  readonly gateUp: Slice;
  /** [rows, width] */
  readonly h: Slice;
}

export interface SwigluBackward extends Omit<SwigluForward, 'h'> {
  /** Gradient of h, [rows, width]. */
  readonly dh: Slice;
  /** Gradient of gate and up, [rows, 2 width]. Where it is the slice of gate and up, it takes their place. */
  readonly dGateUp: Slice;
}

/** @param apart whether the gradient has a slice of its own and does not take the place of gate and up */
export function swigluKernel(direction: 'forward' | 'backward', apart = false): Kernel {
  return {
    name: `swiglu-${direction}`,
    variant: 'plain',
    source:
      direction === 'forward'
        ? expandWgsl(forward, {})
        : expandWgsl(backward, { APART: Number(apart) }),
    bindings: apart ? ['read', 'read', 'write'] : ['read', 'write'],
  };
}

export function recordSwigluForward(recorder: Recorder, options: SwigluForward): void {
  const { rows, width, gateUp, h } = options;
  recorder.add({
    kernel: swigluKernel('forward'),
    words: { u32: [rows, width / 4] },
    bind: [gateUp, h],
    grid: rowGrid(rows, width / 4),
    flop: 12 * rows * width,
    bytes: bytesOf(gateUp, 2 * rows * width) + bytesOf(h, rows * width),
  });
}

export function recordSwigluBackward(recorder: Recorder, options: SwigluBackward): void {
  const { rows, width, gateUp, dh, dGateUp } = options;
  const apart = gateUp.buffer !== dGateUp.buffer;
  recorder.add({
    kernel: swigluKernel('backward', apart),
    words: { u32: [rows, width / 4] },
    bind: apart ? [dh, gateUp, dGateUp] : [dh, gateUp],
    grid: rowGrid(rows, width / 4),
    flop: 12 * rows * width,
    bytes: bytesOf(gateUp, 2 * rows * width) + 12 * rows * width,
  });
}
