import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { swigluBackward, swigluForward } from './swiglu.reference.ts';

describe('the reference of SwiGLU', () => {
  it('has the gradient that central differences give', () => {
    const x = normals(1, 2 * 3 * 4, 2);
    const dh = normals(2, 3 * 4);
    const loss = (a: ArrayLike<number>) => inner(dh, swigluForward(3, 4, a));
    expect(gradientError(loss, x, swigluBackward(3, 4, x, dh).dGateUp)).toBeLessThan(1e-8);
  });

  it('passes a wide open gate through and shuts at a very negative one', () => {
    const h = swigluForward(1, 2, [40, -40, 3, 3]);
    expect(h[0]).toBeCloseTo(120, 10);
    expect(h[1]).toBeCloseTo(0, 10);
  });
});
