/** Matrix products in all forms, with every epilogue and with split sums, against their reference. */
import { fingerprint } from '../checking/bits.ts';
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import {
  absolute,
  halfUnit,
  integers,
  normals,
  repeated,
  rounded,
  withOutliers,
} from '../checking/data.ts';
import { type BufferSpec, both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { matmul } from './matmul.reference.ts';
import { type MatmulForm, type MatmulShape, planesOf, recordMatmul } from './matmul.ts';

export interface Sizes extends MatmulShape {
  readonly form: MatmulForm;
  readonly bias?: boolean;
  readonly residual?: boolean;
  readonly accumulate?: boolean;
  /** Splits the sum into planes where `planesOf` says so. */
  readonly split?: boolean;
  /** Packs the operands into panels, in the variants that can. */
  readonly packed?: boolean;
  /** What is stored as f16. */
  readonly halves?: readonly ('a' | 'b' | 'c' | 'bias')[];
  /** Puts 1e4 among the numbers of a. */
  readonly outliers?: boolean;
}

const SIZES: readonly Sizes[] = [
  { form: 'nt', m: 1, n: 4, k: 4 },
  { form: 'nt', m: 3, n: 12, k: 64, bias: true },
  { form: 'nt', m: 17, n: 68, k: 12, residual: true },
  { form: 'nt', m: 63, n: 64, k: 176, bias: true, residual: true },
  { form: 'nt', m: 65, n: 176, k: 68, accumulate: true },
  { form: 'nt', m: 127, n: 132, k: 64 },
  { form: 'nt', m: 131, n: 36, k: 24 },
  { form: 'nt', m: 131, n: 36, k: 20 },
  { form: 'nt', m: 259, n: 44, k: 8, residual: true },
  { form: 'nn', m: 1, n: 4, k: 4 },
  { form: 'nn', m: 3, n: 64, k: 12, accumulate: true },
  { form: 'nn', m: 65, n: 68, k: 176 },
  { form: 'nn', m: 127, n: 12, k: 68, residual: true },
  { form: 'nn', m: 127, n: 36, k: 20 },
  { form: 'nn', m: 131, n: 36, k: 24 },
  { form: 'nn', m: 131, n: 36, k: 40, accumulate: true },
  { form: 'tn', m: 4, n: 4, k: 1 },
  { form: 'tn', m: 12, n: 64, k: 3, accumulate: true },
  { form: 'tn', m: 68, n: 12, k: 17 },
  { form: 'tn', m: 64, n: 68, k: 127 },
  { form: 'tn', m: 68, n: 36, k: 41 },
  { form: 'tn', m: 64, n: 64, k: 257, split: true },
  { form: 'tn', m: 68, n: 36, k: 300, accumulate: true },
  { form: 'tn', m: 68, n: 36, k: 264, accumulate: true },
  { form: 'tn', m: 36, n: 68, k: 1000, split: true },
  { form: 'tn', m: 12, n: 68, k: 999, split: true, accumulate: true },
  { form: 'nt', m: 65, n: 68, k: 76, residual: true, packed: true },
  { form: 'nn', m: 25, n: 36, k: 68, packed: true },
  { form: 'tn', m: 36, n: 68, k: 127, accumulate: true, packed: true },
  { form: 'tn', m: 12, n: 68, k: 999, split: true, packed: true },
  { form: 'nn', m: 65, n: 36, k: 68, packed: true, halves: ['a', 'b'] },
  { form: 'nt', m: 65, n: 68, k: 76, bias: true, halves: ['a', 'b', 'c', 'bias'] },
  { form: 'nt', m: 127, n: 132, k: 64, residual: true, halves: ['b'] },
  { form: 'nn', m: 65, n: 68, k: 176, halves: ['b'] },
  { form: 'tn', m: 64, n: 68, k: 127, accumulate: true, halves: ['b'] },
  { form: 'tn', m: 12, n: 68, k: 999, split: true, halves: ['b'] },
  { form: 'nt', m: 65, n: 68, k: 76, halves: ['a', 'b', 'c'], outliers: true },
];

/** Beyond every tile, and no multiple of one. */
const LARGE: readonly Sizes[] = [
  { form: 'nt', m: 1027, n: 1028, k: 1036 },
  { form: 'nn', m: 1027, n: 1028, k: 1036 },
  { form: 'tn', m: 1028, n: 1036, k: 1027 },
];
/** Outputs of a large product that are compared. */
const SAMPLED = 4096;

function words({
  form,
  m,
  n,
  k,
  bias,
  residual,
  accumulate,
  split,
  packed,
  halves,
  outliers,
}: Sizes): string {
  const extras = { bias, residual, accumulate, split, packed, outliers };
  const on = Object.entries(extras).flatMap(([name, is]) => (is ? [name] : []));
  if (halves) on.push(`f16: ${halves.join(' ')}`);
  return [`${form} ${m} x ${n}, sums of ${k}`, ...on].join(', ');
}

export function matmulCase(sizes: Sizes): CheckCase {
  const { form, m, n, k, accumulate = false, packed = false, halves = [] } = sizes;
  const stored = (name: (typeof halves)[number], x: Float32Array<ArrayBuffer>) =>
    halves.includes(name) ? rounded(x) : x;
  return {
    label: words(sizes),
    async run(gpu) {
      const drawn = normals(m, m * k);
      const a = stored('a', sizes.outliers ? withOutliers(drawn) : drawn);
      const b = stored('b', normals(n + 1000, n * k, sizes.outliers ? 0.1 : 1));
      const bias = stored('bias', normals(2, n));
      const residual = normals(3, m * n);
      const before = normals(4, m * n);
      const buffers: Record<string, BufferSpec> = {
        a: input(a),
        b: input(b),
        c: accumulate ? both(before) : output(m * n),
        ...(sizes.bias && { bias: input(bias) }),
        ...(sizes.residual && { residual: input(residual) }),
        ...(sizes.split && { planes: output(planesOf(sizes, gpu.info.profile) * m * n) }),
      };
      const run = withHalves(buffers, halves);
      const { floats, problems } = await runKernel(gpu, run, (recorder, slices) =>
        recordMatmul(recorder, form, {
          ...{ m, n, k, accumulate, packed },
          ...(slices as { a: never; b: never; c: never }),
        }),
      );
      const addend = accumulate ? before : sizes.residual ? residual : undefined;
      const bias_ = sizes.bias ? bias : undefined;
      const expected = matmul(form, sizes, a, b, bias_, addend);
      const terms = () =>
        matmul(
          form,
          sizes,
          absolute(a),
          absolute(b),
          bias_ && absolute(bias_),
          addend && absolute(addend),
        );
      return [
        halves.includes('c')
          ? compare('c', 'half', floats.c, expected, halfUnit(expected))
          : compare('c', 'matmul', floats.c, expected, terms()),
        ...failures(problems),
      ];
    },
  };
}

/** The outputs at some places of a product. @param places row * n + column */
function at(
  { form, m, n, k }: Sizes,
  places: Uint32Array,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(places, (place) => {
    const [i, j] = [Math.floor(place / n), place % n];
    let sum = 0;
    for (let l = 0; l < k; l++)
      sum += a[form === 'tn' ? l * m + i : i * k + l] * b[form === 'nt' ? j * k + l : l * n + j];
    return sum;
  });
}

function largeCase(sizes: Sizes): CheckCase {
  const { form, m, n, k } = sizes;
  return {
    label: `${words(sizes)}, sampled`,
    async run(gpu) {
      const a = repeated(m, m * k);
      const b = repeated(n + 1000, n * k);
      const { floats, problems } = await runKernel(
        gpu,
        { a: input(a), b: input(b), c: output(m * n) },
        (recorder, slices) => recordMatmul(recorder, form, { m, n, k, ...slices }),
      );
      const places = integers(5, SAMPLED, m * n);
      // The last row and column are where tiles end.
      for (let i = 0; i < 32; i++) places.set([(m - 1) * n + 31 * i, (31 * i + 1) * n - 1], 2 * i);
      const found = Float32Array.from(places, (place) => floats.c[place]);
      const sums = compare(
        'c',
        'matmul',
        found,
        at(sizes, places, a, b),
        at(sizes, places, a.map(Math.abs), b.map(Math.abs)),
      );
      return [{ ...sums, bits: fingerprint(floats.c) }, ...failures(problems)];
    },
  };
}

export const matmulCheck: KernelCheck = {
  name: 'matmul',
  kernels: ['matmul-nt', 'matmul-nn', 'matmul-tn', 'matmul-few'],
  variants: VARIANTS['matmul-nt'],
  cases: SIZES.map(matmulCase),
  large: LARGE.map(largeCase),
};
