import { describe, expect, it } from 'vitest';
import { normals, spansOf } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { attentionBackward, attentionForward } from './attention.reference.ts';

const shape = { rows: 8, heads: 4, kvHeads: 2, headDim: 4, spans: spansOf([3, 1, 4]) };
const qkv = normals(1, 8 * 8 * 4);
const dO = normals(2, 8 * 4 * 4);

describe('the reference of attention', () => {
  it('has the gradient that central differences give', () => {
    const { dQkv } = attentionBackward({ ...shape, qkv }, dO);
    const loss = (x: Float64Array) => inner(dO, attentionForward({ ...shape, qkv: x }).o);
    expect(gradientError(loss, qkv, dQkv)).toBeLessThan(1e-8);
  });

  it('gives the value itself where a segment has one token', () => {
    const { o } = attentionForward({ ...shape, qkv });
    // Row 3 is alone; head 3 reads the second key-value head.
    const value = qkv.subarray(3 * 32 + (4 + 2 + 1) * 4, 3 * 32 + (4 + 2 + 2) * 4);
    expect([...o.subarray((3 * 4 + 3) * 4, (3 * 4 + 4) * 4)]).toEqual([...value]);
  });

  it('does not see the future or another segment', () => {
    const changed = qkv.slice();
    changed.fill(5, 5 * 32);
    const before = attentionForward({ ...shape, qkv }).o;
    const after = attentionForward({ ...shape, qkv: changed }).o;
    expect(after.subarray(0, 5 * 16)).toEqual(before.subarray(0, 5 * 16));
    expect(after.subarray(5 * 16)).not.toEqual(before.subarray(5 * 16));
  });
});
