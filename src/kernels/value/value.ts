/** One linear unit over the hidden rows: the critic of PPO. @see value-forward.wgsl, value-backward.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { rowGrid } from '../grid.ts';
import { recordAddPlanes } from '../reduce/add-planes.ts';
import { loadTemplate } from '../templates.ts';

const backward = loadTemplate('value/value-backward.wgsl');
const forward = loadTemplate('value/value-forward.wgsl');

/** Rows that one invocation adds up for the head's gradient. */
const BLOCK_ROWS = 64;

/** Floats of a head over hidden rows of `width`: the weight, the bias, and zeros to a whole vector. */
export function valueHeadFloats(width: number): number {
  return width + 4;
}

/** Floats of scratch that the gradient of the head needs for up to `rows` rows. */
export function valuePlanes(rows: number, width: number): number {
  return Math.ceil(rows / BLOCK_ROWS) * valueHeadFloats(width);
}

export interface ValueOptions {
  readonly rows: number;
  /** A multiple of 4. */
  readonly width: number;
  /** [rows, width], normalised. */
  readonly hidden: Slice;
  /** [width + 4] of (weight, bias, 0, 0, 0) */
  readonly head: Slice;
}

export interface ValueForward extends ValueOptions {
  /** [rows, 4]; the last of each four is written, the others stay. */
  readonly stats: Slice;
}

export interface ValueBackward extends ValueOptions {
  /** [rows] of dLoss/dvalue */
  readonly coefficients: Slice;
  /** Gradient of hidden, [rows, width]. Null leaves the trunk without a gradient from the value. */
  readonly dHidden: Slice | null;
  /** Whether dHidden is added to, or written. */
  readonly accumulate: boolean;
  /** Gradient of head; added to. */
  readonly dHead: Slice;
  /** Scratch of `valuePlanes(rows, width)` floats. */
  readonly planes: Slice;
}

export function valueForwardKernel(): Kernel {
  return {
    name: 'value-forward',
    variant: 'plain',
    source: expandWgsl(forward, {}),
    bindings: ['read', 'read', 'write'],
  };
}

/** @param accumulate for the trunk: whether its gradient is added to */
export function valueBackwardKernel(part: 'trunk' | 'head', accumulate = true): Kernel {
  return {
    name: `value-${part}-gradient`,
    variant: 'plain',
    source: expandWgsl(backward, {
      TRUNK: Number(part === 'trunk'),
      ACCUMULATE: Number(accumulate),
    }),
    bindings: ['read', 'read', 'write'],
  };
}

/** Records the value of every row. */
export function recordValueForward(recorder: Recorder, options: ValueForward): void {
  const { rows, width, hidden, head, stats } = options;
  recorder.add({
    kernel: valueForwardKernel(),
    words: { u32: [rows, width / 4] },
    bind: [hidden, head, stats],
    grid: [Math.ceil(rows / 64)],
    flop: 2 * rows * width,
    bytes: 4 * rows * width,
  });
}

/** Records what a loss on the values adds to the gradients of the head and, where wanted, of the hidden rows. */
export function recordValueBackward(recorder: Recorder, options: ValueBackward): void {
  const { rows, width, hidden, head, coefficients, dHidden, dHead, planes, accumulate } = options;
  if (dHidden) {
    recorder.add({
      kernel: valueBackwardKernel('trunk', accumulate),
      words: { u32: [rows, width / 4, BLOCK_ROWS] },
      bind: [coefficients, head, dHidden],
      grid: rowGrid(rows, width / 4),
      flop: 2 * rows * width,
      bytes: 8 * rows * width,
    });
  }
  const planeCount = Math.ceil(rows / BLOCK_ROWS);
  const count = valueHeadFloats(width);
  recorder.add({
    kernel: valueBackwardKernel('head'),
    words: { u32: [rows, width / 4, BLOCK_ROWS] },
    bind: [coefficients, hidden, planes],
    grid: [Math.ceil(count / 4 / 64), planeCount],
    flop: 2 * rows * width,
    bytes: 4 * rows * width,
  });
  recordAddPlanes(recorder, { planes, target: dHead, count, planeCount, accumulate: true });
}
