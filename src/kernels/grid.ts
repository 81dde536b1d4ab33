/** Grids for elementwise kernels: one invocation per item, folded into two dimensions when there are many. */

/** Invocations of one workgroup of the elementwise kernels. */
export const GROUP = 64;
/** Most workgroups along x; further items go on along y. WebGPU promises 65,535. */
const MAX_X = 32_768;

export interface LinearGrid {
  readonly grid: readonly [number, number];
  /** Items along x: the kernel's index is y * width + x. */
  readonly width: number;
}

/**
 * Workgroups of kernels that are indexed by column (x) and row (y): 16 x 4 invocations. They need no division to find their row, and a
 * division costs a software adapter as much as a load.
 */
export function rowGrid(rows: number, columns: number): readonly [number, number] {
  return [Math.ceil(columns / 16), Math.ceil(rows / 4)];
}

/** Most rows of `rowGrid`: WebGPU promises 65,535 workgroups along y. */
export const MOST_ROWS = 4 * 65_535;

/** A grid of `groups` workgroups; the index of a workgroup is y * across + x. */
export function groupGrid(groups: number): {
  readonly grid: readonly [number, number];
  readonly across: number;
} {
  const across = Math.min(groups, MAX_X);
  return { grid: [across, across === 0 ? 0 : Math.ceil(groups / across)], across };
}

/** Lanes that share a row of `vectors` vectors: a power of two, of which at most half are idle in a short row. */
export function lanesOf(vectors: number, most = 64): number {
  let lanes = 16;
  while (lanes < vectors && lanes < most) lanes *= 2;
  return lanes;
}

/** A grid of at least `items` invocations. */
export function linearGrid(items: number): LinearGrid {
  const groups = Math.ceil(items / GROUP);
  const x = Math.min(groups, MAX_X);
  return { grid: [x, x === 0 ? 0 : Math.ceil(groups / x)], width: x * GROUP };
}
