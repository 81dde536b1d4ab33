/** Matrix products in all forms, with every epilogue and with split sums, against their reference. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, halfUnit, normals, rounded } from '../checking/data.ts';
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
}

const SIZES: readonly Sizes[] = [
  { form: 'nt', m: 1, n: 4, k: 4 },
  { form: 'nt', m: 3, n: 12, k: 64, bias: true },
  { form: 'nt', m: 17, n: 68, k: 12, residual: true },
  { form: 'nt', m: 63, n: 64, k: 176, bias: true, residual: true },
  { form: 'nt', m: 65, n: 176, k: 68, accumulate: true },
  { form: 'nt', m: 127, n: 132, k: 64 },
  { form: 'nn', m: 1, n: 4, k: 4 },
  { form: 'nn', m: 3, n: 64, k: 12, accumulate: true },
  { form: 'nn', m: 65, n: 68, k: 176 },
  { form: 'nn', m: 127, n: 12, k: 68, residual: true },
  { form: 'tn', m: 4, n: 4, k: 1 },
  { form: 'tn', m: 12, n: 64, k: 3, accumulate: true },
  { form: 'tn', m: 68, n: 12, k: 17 },
  { form: 'tn', m: 64, n: 68, k: 127 },
  { form: 'tn', m: 64, n: 64, k: 257, split: true },
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
];

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
}: Sizes): string {
  const extras = { bias, residual, accumulate, split, packed };
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
      const a = stored('a', normals(m, m * k));
      const b = stored('b', normals(n + 1000, n * k));
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

export const matmulCheck: KernelCheck = {
  name: 'matmul',
  kernels: ['matmul-nt', 'matmul-nn', 'matmul-tn', 'matmul-few'],
  variants: VARIANTS['matmul-nt'],
  cases: SIZES.map(matmulCase),
};
