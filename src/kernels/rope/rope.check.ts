/** RoPE in both directions against its reference. */

import { NO_SLOT, PLACE_WORDS } from '../attention/decode-attention.ts';
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, halfUnit, integers, normals, rounded } from '../checking/data.ts';
import { both, input, runKernel, withHalves } from '../checking/run.ts';
import { rope } from './rope.reference.ts';
import { recordRope, ropeTable } from './rope.ts';

const THETA = 10_000;
const POSITIONS = 600;
interface Sizes {
  readonly rows: number;
  readonly heads: number;
  readonly headDim: number;
  readonly stride: number;
  /** Stores x, and a cache, as f16. */
  readonly halves?: boolean;
  /** Key heads that go into a cache, followed by as many heads of values. */
  readonly append?: number;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, heads: 1, headDim: 4, stride: 4 },
  { rows: 3, heads: 2, headDim: 8, stride: 24 },
  { rows: 17, heads: 6, headDim: 16, stride: 128 },
  { rows: 65, heads: 3, headDim: 20, stride: 80 },
  { rows: 17, heads: 6, headDim: 16, stride: 128, halves: true },
  { rows: 9, heads: 3, headDim: 20, stride: 80, halves: true },
  { rows: 17, heads: 6, headDim: 16, stride: 128, append: 2 },
  { rows: 65, heads: 3, headDim: 20, stride: 80, append: 1 },
  { rows: 17, heads: 6, headDim: 16, stride: 128, append: 2, halves: true },
  { rows: 127, heads: 5, headDim: 64, stride: 384 },
];

/** The slot of a row in the test's cache: rows stand in reverse order, and every third one has no slot. */
function slotOf(row: number, rows: number): number {
  return row % 3 === 1 ? NO_SLOT : rows - 1 - row;
}

/** What a cache holds where nothing was written. */
const EMPTY = 7;

/** The kv numbers from `from` on of each row, in the order of slots. */
function cached(x: Float32Array, { rows, stride }: Sizes, from: number, kv: number): Float32Array {
  const cache = new Float32Array(rows * kv).fill(EMPTY);
  for (let row = 0; row < rows; row++) {
    const slot = slotOf(row, rows);
    const at = row * stride + from;
    if (slot !== NO_SLOT) cache.set(x.subarray(at, at + kv), slot * kv);
  }
  return cache;
}

function labelOf({ rows, heads, headDim, stride, halves, append }: Sizes): string {
  const kept = append ? `, ${append} of them kept` : '';
  return `${rows} rows, ${heads} heads of ${headDim} in ${stride}${kept}${halves ? ', f16: x' : ''}`;
}

function ropeCase(sizes: Sizes): CheckCase {
  const { rows, heads, headDim, stride, halves = false, append: kvHeads } = sizes;
  return {
    label: labelOf(sizes),
    async run(gpu) {
      const positions = integers(rows, rows, POSITIONS);
      const drawn = normals(1, rows * stride);
      const x = halves ? rounded(drawn) : drawn;
      const shape = { rows, heads, headDim, stride };
      const kv = (kvHeads ?? 1) * headDim;
      const places = new Uint32Array(PLACE_WORDS * rows);
      for (let row = 0; row < rows; row++) places[PLACE_WORDS * row] = slotOf(row, rows);
      const empty = new Float32Array(rows * kv).fill(EMPTY);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            positions: input(positions),
            table: input(ropeTable(POSITIONS, headDim, THETA)),
            places: input(places),
            ...{ x: both(x), dx: both(x), keys: both(empty), values: both(empty) },
          },
          halves ? ['x', 'dx', 'keys', 'values'] : [],
        ),
        (recorder, { dx, places, keys, values, ...slices }) => {
          const append = kvHeads && { kvHeads, places, cache: { keys, values, slots: rows } };
          recordRope(recorder, { ...shape, ...slices, backward: false, ...(append && { append }) });
          recordRope(recorder, { ...shape, ...slices, x: dx, backward: true });
        },
      );
      const inputs = { ...shape, theta: THETA, positions };
      const half = headDim / 2;
      // The terms of a number are at most those of its own pair. What is not turned stays exactly as it is.
      const size = absolute(x).map((own, i, all) => {
        if (i % stride >= heads * headDim) return own;
        return own + all[(i % stride) % headDim < half ? i + half : i - half];
      });
      const turned = (name: 'x' | 'dx', direction: 1 | -1) => {
        const expected = rope(inputs, x, direction);
        return halves
          ? compare(name, 'half', floats[name], expected, halfUnit(expected))
          : compare(name, 'rope', floats[name], expected, size);
      };
      // What stands in the cache is what stands in the rows afterwards.
      const kept = (from: number) => (kvHeads ? cached(floats.x, sizes, from, kv) : empty);
      return [
        turned('x', 1),
        turned('dx', -1),
        equal('keys', floats.keys, kept(heads * headDim - kv)),
        equal('values', floats.values, kept(heads * headDim)),
        ...failures(problems),
      ];
    },
  };
}

export const ropeCheck: KernelCheck = {
  name: 'rope',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(ropeCase),
};
