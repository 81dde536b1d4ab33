/** RMSNorm and its gradients. @see rmsnorm-forward.wgsl, rmsnorm-backward.wgsl, column-sums.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { groupGrid, lanesOf } from '../grid.ts';
import { recordAddPlanes } from '../reduce/add-planes.ts';
import { loadTemplate } from '../templates.ts';
import { type Sharing, sharingOf, treeWgsl } from '../tree/tree.ts';
import { chooseVariant, type VariantKernel } from '../variants.ts';

const columnSums = loadTemplate('rmsnorm/column-sums.wgsl');
const columnSumsLanes = loadTemplate('rmsnorm/column-sums-lanes.wgsl');
const backward = loadTemplate('rmsnorm/rmsnorm-backward.wgsl');
const backwardLanes = loadTemplate('rmsnorm/rmsnorm-backward-lanes.wgsl');
const forward = loadTemplate('rmsnorm/rmsnorm-forward.wgsl');
const forwardLanes = loadTemplate('rmsnorm/rmsnorm-forward-lanes.wgsl');

/** Rows that one invocation of column-sums adds up: `columnPlanes` says how many planes that makes. */
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

/** A row's lanes, and what they exchange their sums through; null for the plain kernel, one row per invocation. */
export type RowLanes = { readonly lanes: number; readonly sharing: Sharing } | null;

/** The text of a kernel in which a row has one invocation or several. */
function rowWgsl(
  plain: string,
  shared: string,
  row: RowLanes,
  width: number,
  constants = {},
): string {
  if (!row) return expandWgsl(plain, { ...constants, U: turnOf(width) });
  const { lanes, sharing } = row;
  const tree = treeWgsl(sharing, { type: 'f32', threads: 64, lanes });
  return tree + expandWgsl(shared, { ...constants, LANES: lanes });
}

/** Vectors in a turn of the plain kernels' loops: two save a tenth of their time on software adapters. */
const turnOf = (width: number) => (width % 8 === 0 ? 2 : 1);

export function rmsNormForwardKernel(row: RowLanes = null, width = 4): Kernel {
  return {
    name: 'rmsnorm-forward',
    variant: row?.sharing.variant ?? 'scalar',
    source: rowWgsl(forward, forwardLanes, row, width),
    bindings: ['read', 'read', 'write', 'write'],
  };
}

export function rmsNormBackwardKernel(
  accumulate: boolean,
  row: RowLanes = null,
  width = 4,
): Kernel {
  const constants = { ACCUMULATE: Number(accumulate) };
  return {
    name: 'rmsnorm-backward',
    variant: row?.sharing.variant ?? 'scalar',
    source: rowWgsl(backward, backwardLanes, row, width, constants),
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

/** The lanes of a row, the grid, and its workgroups along x. */
function cutRows(recorder: Recorder, kernel: VariantKernel, rows: number, width: number) {
  const sharing = sharingOf(recorder.gpu, kernel);
  if (!sharing) return { row: null, grid: [Math.ceil(rows / 64)] as const, across: 0 };
  const lanes = lanesOf(width / 4);
  return { row: { lanes, sharing }, ...groupGrid(Math.ceil((rows * lanes) / 64)) };
}

export function recordRmsNormForward(recorder: Recorder, options: RmsNormForward): void {
  const { rows, width, eps, x, gain, y, r } = options;
  const { row, grid, across } = cutRows(recorder, 'rmsnorm-forward', rows, width);
  recorder.add({
    kernel: rmsNormForwardKernel(row, width),
    words: { u32: row ? [rows, width / 4, across] : [rows, width / 4], f32: [eps] },
    bind: [x, gain, y, r],
    grid,
    flop: 5 * rows * width,
    bytes: 8 * rows * width + bytesOf(y, rows * width),
  });
}

/** Records dx and, added to what it holds, the gradient of the gain. */
export function recordRmsNormBackward(recorder: Recorder, options: RmsNormBackward): void {
  const { rows, width, x, gain, r, dy, dx, accumulate, dGain, planes } = options;
  const { row, grid, across } = cutRows(recorder, 'rmsnorm-backward', rows, width);
  recorder.add({
    kernel: rmsNormBackwardKernel(accumulate, row, width),
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
