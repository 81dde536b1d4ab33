/**
 * Matrix products in float64, straight from the definition.
 *
 *   nt: C[i, j] = sum_k A[i, k] B[j, k]    nn: C[i, j] = sum_k A[i, k] B[k, j]    tn: C[i, j] = sum_k A[k, i] B[k, j]
 *
 * They are each other's gradients: for Y = nt(X, W), dX = nn(dY, W) and dW = tn(dY, X).
 */
import type { MatmulForm, MatmulShape } from './matmul.ts';

type Numbers = ArrayLike<number>;

/** @returns [m, n], plus what is given: a bias [n] for every row, an addend [m, n] */
export function matmul(
  form: MatmulForm,
  { m, n, k }: MatmulShape,
  a: Numbers,
  b: Numbers,
  bias?: Numbers,
  addend?: Numbers,
): Float64Array {
  const c = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = (bias?.[j] ?? 0) + (addend?.[i * n + j] ?? 0);
      for (let l = 0; l < k; l++) {
        sum += a[form === 'tn' ? l * m + i : i * k + l] * b[form === 'nt' ? j * k + l : l * n + j];
      }
      c[i * n + j] = sum;
    }
  }
  return c;
}
