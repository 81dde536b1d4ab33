import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { columnSums, rmsNormBackward, rmsNormForward } from './rmsnorm.reference.ts';

const shape = { rows: 3, width: 4, eps: 1e-3 };
const x = normals(1, 12);
const gain = normals(2, 4);
const dy = normals(3, 12);

describe('the reference of RMSNorm', () => {
  it('has the gradients that central differences give', () => {
    const { dx, dGain } = rmsNormBackward({ ...shape, x, gain }, dy);
    const loss = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      inner(dy, rmsNormForward({ ...shape, x: a, gain: b }).y);
    expect(gradientError((a) => loss(a, gain), x, dx)).toBeLessThan(1e-8);
    expect(gradientError((b) => loss(x, b), gain, dGain)).toBeLessThan(1e-8);
  });

  it('makes rows of mean square one', () => {
    const { y } = rmsNormForward({ ...shape, eps: 0, x, gain: [1, 1, 1, 1] });
    for (let row = 0; row < 3; row++) {
      const own = y.subarray(4 * row, 4 * row + 4);
      expect(inner(own, own) / 4).toBeCloseTo(1, 12);
    }
  });

  it('sums columns down the rows', () => {
    expect([...columnSums(2, 2, [1, 2, 30, 40])]).toEqual([31, 42]);
  });
});
