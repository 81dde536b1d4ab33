import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { headBackward, headForward } from './head.reference.ts';
import { headChunk, logitsStride } from './head.ts';

const shape = { rows: 3, width: 4, vocabulary: 5, temperature: 0.7, targets: [4, 0, 2] };
const hidden = normals(1, 3 * 4);
const weight = normals(2, 8 * 4);
const coefficients = normals(3, 3 * 2);

function loss(x: { hidden: ArrayLike<number>; weight: ArrayLike<number> }): number {
  const { logp, entropy } = headForward({ ...shape, ...x });
  return (
    inner(
      coefficients.filter((_, i) => i % 2 === 0),
      logp,
    ) +
    inner(
      coefficients.filter((_, i) => i % 2 === 1),
      entropy,
    )
  );
}

describe('the reference of the head', () => {
  it('has the gradients that central differences give, of log-probability and entropy together', () => {
    const { dHidden, dWeight } = headBackward({ ...shape, hidden, weight }, coefficients);
    expect(gradientError((x) => loss({ hidden: x, weight }), hidden, dHidden)).toBeLessThan(1e-8);
    expect(gradientError((x) => loss({ hidden, weight: x }), weight, dWeight)).toBeLessThan(1e-8);
  });

  it('knows the uniform distribution: entropy is log V, every token has log-probability -log V', () => {
    const { logp, entropy } = headForward({ ...shape, hidden: new Float64Array(12), weight });
    for (const value of logp) expect(value).toBeCloseTo(-Math.log(5), 14);
    for (const value of entropy) expect(value).toBeCloseTo(Math.log(5), 14);
  });
});

describe('chunks of logits', () => {
  it('are whole vectors wide and multiples of 64 rows, and fit 16 MiB', () => {
    expect([1, 3, 64, 65].map(logitsStride)).toEqual([4, 4, 64, 68]);
    expect(headChunk(10, 64)).toBe(10);
    const chunk = headChunk(1_000_000, 50_257);
    expect(chunk % 64).toBe(0);
    expect(chunk * logitsStride(50_257) * 4).toBeLessThanOrEqual(16 * 2 ** 20);
  });
});
