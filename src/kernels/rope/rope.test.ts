import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { rope } from './rope.reference.ts';
import { ropeTable } from './rope.ts';

const shape = { rows: 3, heads: 2, headDim: 4, stride: 12, theta: 100, positions: [0, 1, 7] };
const x = normals(1, 36);
const dy = normals(2, 36);

describe('the reference of RoPE', () => {
  it('has the gradient that central differences give', () => {
    const loss = (a: ArrayLike<number>) => inner(dy, rope(shape, a, 1));
    expect(gradientError(loss, x, rope(shape, dy, -1))).toBeLessThan(1e-8);
  });

  it('leaves position 0 and the values after the turned heads alone', () => {
    const y = rope(shape, x, 1);
    expect([...y.subarray(0, 12)]).toEqual([...x.subarray(0, 12)]);
    expect([...y.subarray(20, 24)]).toEqual([...x.subarray(20, 24)]);
    expect(y[12]).not.toBe(x[12]);
  });

  it('makes scores depend on the distance only', () => {
    const head = { ...shape, rows: 2, heads: 1, stride: 4 };
    const score = (a: number, b: number) => {
      const y = rope({ ...head, positions: [a, b] }, x.subarray(0, 8), 1);
      return inner(y.subarray(0, 4), y.subarray(4, 8));
    };
    expect(score(9, 4)).toBeCloseTo(score(105, 100), 10);
    expect(score(9, 4)).not.toBeCloseTo(score(9, 5), 3);
  });
});

describe('ropeTable', () => {
  it('holds the cosine and sine of position theta^(-2i/D), rounded once', () => {
    const table = ropeTable(600, 8, 10_000);
    const angle = 599 * 10_000 ** (-4 / 8);
    expect(table[2 * (599 * 4 + 2)]).toBe(Math.fround(Math.cos(angle)));
    expect(table[2 * (599 * 4 + 2) + 1]).toBe(Math.fround(Math.sin(angle)));
  });
});
