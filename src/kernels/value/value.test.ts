import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { valueBackward, valueForward } from './value.reference.ts';

const shape = { rows: 3, width: 4 };
const hidden = normals(1, 12);
const head = normals(2, 8).fill(0, 5);
const coefficients = normals(3, 3);

describe('the reference of the value head', () => {
  it('has the gradients that central differences give, of rows, weight and bias', () => {
    const { dHidden, dHead } = valueBackward({ ...shape, hidden, head }, coefficients);
    const loss = (h: ArrayLike<number>, w: ArrayLike<number>) =>
      inner(coefficients, valueForward({ ...shape, hidden: h, head: w }).values);
    expect(gradientError((h) => loss(h, head), hidden, dHidden)).toBeLessThan(1e-8);
    expect(gradientError((w) => loss(hidden, w), head, dHead)).toBeLessThan(1e-8);
  });

  it('adds weight times row and bias', () => {
    const { values } = valueForward({ ...shape, hidden, head: [0, 0, 2, 0, 0.5, 0, 0, 0] });
    expect([...values]).toEqual([2, 6, 10].map((at) => 2 * hidden[at] + 0.5));
  });
});
