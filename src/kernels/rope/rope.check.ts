/** RoPE in both directions against its reference. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
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
  /** Stores x as f16. */
  readonly halves?: boolean;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, heads: 1, headDim: 4, stride: 4 },
  { rows: 3, heads: 2, headDim: 8, stride: 24 },
  { rows: 17, heads: 6, headDim: 16, stride: 128 },
  { rows: 65, heads: 3, headDim: 20, stride: 80 },
  { rows: 127, heads: 5, headDim: 64, stride: 384 },
  { rows: 17, heads: 6, headDim: 16, stride: 128, halves: true },
  { rows: 9, heads: 3, headDim: 20, stride: 80, halves: true },
];

function ropeCase({ rows, heads, headDim, stride, halves = false }: Sizes): CheckCase {
  return {
    label: `${rows} rows, ${heads} heads of ${headDim} in ${stride}${halves ? ', f16: x' : ''}`,
    async run(gpu) {
      const positions = integers(rows, rows, POSITIONS);
      const drawn = normals(1, rows * stride);
      const x = halves ? rounded(drawn) : drawn;
      const table = ropeTable(POSITIONS, headDim, THETA);
      const shape = { rows, heads, headDim, stride };
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          { positions: input(positions), table: input(table), x: both(x), dx: both(x) },
          halves ? ['x', 'dx'] : [],
        ),
        (recorder, { dx, ...slices }) => {
          recordRope(recorder, { ...shape, ...slices, backward: false });
          recordRope(recorder, { ...shape, ...slices, x: dx, backward: true });
        },
      );
      const inputs = { ...shape, theta: THETA, positions };
      const half = headDim / 2;
      // The terms of a number are at most its own pair; what is not turned stays exactly.
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
      return [turned('x', 1), turned('dx', -1), ...failures(problems)];
    },
  };
}

export const ropeCheck: KernelCheck = {
  name: 'rope',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(ropeCase),
};
