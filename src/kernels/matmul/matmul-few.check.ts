/** Products of few rows in every way that they can be computed. */
import type { KernelCheck } from '../checking/check.ts';
import { VARIANTS } from '../variants.ts';
import { matmulCase, type Sizes } from './matmul.check.ts';

/** On both sides of what a tile holds. */
const SIZES: readonly Sizes[] = [
  { form: 'nt', m: 1, n: 68, k: 64 },
  { form: 'nt', m: 17, n: 36, k: 132 },
  { form: 'nt', m: 64, n: 4, k: 12, residual: true },
  { form: 'nt', m: 16, n: 132, k: 68, bias: true, residual: true },
  { form: 'nt', m: 48, n: 64, k: 176, accumulate: true },
  { form: 'nt', m: 33, n: 20, k: 76, bias: true, halves: ['a', 'b', 'c', 'bias'] },
  { form: 'nt', m: 33, n: 20, k: 76, halves: ['a', 'b', 'c'], outliers: true },
];

export const matmulFewCheck: KernelCheck = {
  name: 'matmul-few',
  // With the choice for many rows, which decides on the family.
  kernels: ['matmul-few', 'matmul-nt'],
  variants: VARIANTS['matmul-few'],
  cases: SIZES.map(matmulCase),
};
