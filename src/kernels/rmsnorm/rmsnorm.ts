/** RMSNorm and its gradients. @see rmsnorm-forward.wgsl, rmsnorm-backward.wgsl, column-sums.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel, Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { groupGrid, lanesOf } from '../grid.ts';
import { recordAddPlanes } from '../reduce/add-planes.ts';
import { chooseVariant, type VariantKernel } from '../variants.ts';
import columnSums from './column-sums.wgsl?raw';
import columnSumsLanes from './column-sums-lanes.wgsl?raw';
import backward from './rmsnorm-backward.wgsl?raw';
import backwardLanes from './rmsnorm-backward-lanes.wgsl?raw';
import forward from './rmsnorm-forward.wgsl?raw';
import forwardLanes from './rmsnorm-forward-lanes.wgsl?raw';

/** Rows that one invocation of column-sums adds up; `gainPlanes` gives the room that needs. */
const BLOCK_ROWS = 64;

export interface RmsNormForward {
  readonly rows: number;
  readonly width: number;
  readonly eps: number;
  /** [rows, width] */
  readonly x: Slice;
  /** [width] */
  readonly gain: Slice;
  /** [rows, width] */
  readonly y: Slice;
  /** [rows]: the reciprocal root mean square, saved for the backward pass. */
  readonly r: Slice;
}

export interface RmsNormBackward extends Omit<RmsNormForward, 'eps' | 'y'> {
  /** Gradient of y, [rows, width]. */
  readonly dy: Slice;
  /** Gradient of x, [rows, width]. */
  readonly dx: Slice;
  /** Adds to dx instead of replacing it. */
  readonly accumulate: boolean;
  /** Gradient of the gain, [width]; added to. */
  readonly dGain: Slice;
  /** Scratch of `columnPlanes(rows) * width` floats. */
  readonly planes: Slice;
}

/** @param lanes lanes that share a row; 0 for the plain kernel, a row an invocation */
export function rmsNormForwardKernel(lanes = 0): Kernel {
  return {
    name: 'rmsnorm-forward',
    variant: lanes > 0 ? 'lanes' : 'scalar',
    source: expandWgsl(lanes > 0 ? forwardLanes : forward, { LANES: lanes }),
    bindings: ['read', 'read', 'write', 'write'],
  };
}

/** @param lanes as for the forward kernel */
export function rmsNormBackwardKernel(accumulate: boolean, lanes = 0): Kernel {
  return {
    name: 'rmsnorm-backward',
    variant: lanes > 0 ? 'lanes' : 'scalar',
    source: expandWgsl(lanes > 0 ? backwardLanes : backward, {
      ACCUMULATE: Number(accumulate),
      LANES: lanes,
    }),
    bindings: ['read', 'read', 'read', 'read', 'write'],
  };
}

export function columnSumsKernel(norm: boolean, variant: 'scalar' | 'lanes' = 'scalar'): Kernel {
  return {
    name: norm ? 'rmsnorm-gain-gradient' : 'bias-gradient',
    variant,
    source: expandWgsl(variant === 'lanes' ? columnSumsLanes : columnSums, { NORM: Number(norm) }),
    bindings: norm ? ['read', 'write', 'read', 'read'] : ['read', 'write'],
  };
}

/** Planes that the column sums of `rows` rows need. */
export function columnPlanes(rows: number): number {
  return Math.ceil(rows / BLOCK_ROWS);
}

/** Lanes that share a row (0 in the plain way), the grid, and its workgroups along x. */
function cutRows(recorder: Recorder, kernel: VariantKernel, rows: number, width: number) {
  if (chooseVariant(recorder.gpu, kernel) !== 'lanes') {
    return { lanes: 0, grid: [Math.ceil(rows / 64)] as const, across: 0 };
  }
  const lanes = lanesOf(width / 4);
  return { lanes, ...groupGrid(Math.ceil((rows * lanes) / 64)) };
}

export function recordRmsNormForward(recorder: Recorder, options: RmsNormForward): void {
  const { rows, width, eps, x, gain, y, r } = options;
  const { lanes, grid, across } = cutRows(recorder, 'rmsnorm-forward', rows, width);
  recorder.add({
    kernel: rmsNormForwardKernel(lanes),
    words: { u32: lanes > 0 ? [rows, width / 4, across] : [rows, width / 4], f32: [eps] },
    bind: [x, gain, y, r],
    grid,
    flop: 5 * rows * width,
    bytes: 12 * rows * width,
  });
}

/** Records dx and, added to what it holds, the gradient of the gain. */
export function recordRmsNormBackward(recorder: Recorder, options: RmsNormBackward): void {
  const { rows, width, x, gain, r, dy, dx, accumulate, dGain, planes } = options;
  const { lanes, grid, across } = cutRows(recorder, 'rmsnorm-backward', rows, width);
  recorder.add({
    kernel: rmsNormBackwardKernel(accumulate, lanes),
    words: { u32: [rows, width / 4, across] },
    bind: [dy, x, gain, r, dx],
    grid,
    flop: 8 * rows * width,
    bytes: 20 * rows * width,
  });
  recordColumnSums(recorder, { rows, width, g: dy, target: dGain, planes, norm: { x, r } });
}

export interface ColumnSums {
  readonly rows: number;
  readonly width: number;
  /** [rows, width] */
  readonly g: Slice;
  /** [width]; added to. */
  readonly target: Slice;
  readonly planes: Slice;
  /** Multiplies each g by x r first: the gradient of a gain instead of a bias. */
  readonly norm?: { readonly x: Slice; readonly r: Slice };
}

/** Records target += the sums down the columns of g: the gradient of a bias, or of a gain. */
export function recordColumnSums(recorder: Recorder, options: ColumnSums): void {
  const { rows, width, g, target, planes, norm } = options;
  const planeCount = columnPlanes(rows);
  const lanes = chooseVariant(recorder.gpu, 'column-sums') === 'lanes';
  recorder.add({
    kernel: columnSumsKernel(norm !== undefined, lanes ? 'lanes' : 'scalar'),
    words: { u32: [rows, width / 4, BLOCK_ROWS] },
    bind: norm ? [g, planes, norm.x, norm.r] : [g, planes],
    grid: [Math.ceil(width / 4 / (lanes ? 16 : 64)), planeCount],
    flop: 3 * rows * width,
    bytes: 8 * rows * width,
  });
  recordAddPlanes(recorder, { planes, target, count: width, planeCount, accumulate: true });
}
