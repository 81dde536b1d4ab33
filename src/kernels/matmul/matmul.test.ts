import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { matmul } from './matmul.reference.ts';
import { planesOf } from './matmul.ts';

const [m, n, k] = [3, 4, 5];
const x = normals(1, m * k);
const w = normals(2, n * k);
const bias = normals(3, n);
const dy = normals(4, m * n);

describe('the reference of matmul', () => {
  it('multiplies rows by rows: a product by hand', () => {
    const y = matmul('nt', { m: 2, n: 2, k: 3 }, [1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], [10, 20]);
    expect([...y]).toEqual([14, 22, 20, 25]);
  });

  it('has its own other forms as gradients, by central differences', () => {
    const dx = matmul('nn', { m, n: k, k: n }, dy, w);
    const dw = matmul('tn', { m: n, n: k, k: m }, dy, x);
    const loss = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      inner(dy, matmul('nt', { m, n, k }, a, b, bias));
    expect(gradientError((a) => loss(a, w), x, dx)).toBeLessThan(1e-8);
    expect(gradientError((b) => loss(x, b), w, dw)).toBeLessThan(1e-8);
  });
});

describe('planesOf', () => {
  it.each(['scalar', 'lanes'] as const)(
    'splits long sums of small results, and neither short sums nor large results (%s)',
    (profile) => {
      expect(planesOf({ m: 64, n: 64, k: 1024 }, profile)).toBeGreaterThan(1);
      expect(planesOf({ m: 64, n: 64, k: 100 }, profile)).toBe(1);
      expect(planesOf({ m: 4096, n: 4096, k: 100_000 }, profile)).toBe(1);
    },
  );
});
