import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normals } from '../checking/data.ts';
import { gradientError, inner } from '../testing/finite-differences.ts';
import { embeddingBackward, embeddingForward } from './embedding.reference.ts';
import { tokenLists, tokenListWords } from './embedding.ts';

describe('the reference of the embedding', () => {
  it('has the gradient that central differences give', () => {
    const ids = [2, 0, 2, 2, 1];
    const table = normals(1, 4 * 4);
    const dx = normals(2, 5 * 4);
    const loss = (a: ArrayLike<number>) => inner(dx, embeddingForward(4, ids, a));
    const gradient = embeddingBackward(4, ids, dx, new Float64Array(16));
    expect(gradientError(loss, table, gradient)).toBeLessThan(1e-8);
  });
});

describe('tokenLists', () => {
  it('lists every row that is not padding once, under its token, in order', () => {
    const batch = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 40 })
      .chain((ids) => fc.tuple(fc.constant(ids), fc.integer({ min: 0, max: ids.length })));
    fc.assert(
      fc.property(batch, ([ids, count]) => {
        const capacity = Math.min(10, ids.length);
        const lists = tokenLists(Uint32Array.from(ids), count, ids.length, capacity);
        expect(lists.length).toBe(tokenListWords(ids.length, capacity));
        const order = 2 * capacity + 1;
        const used = lists[order + ids.length];
        const found: [number, number][] = [];
        for (let u = 0; u < used; u++) {
          const rows = lists.slice(order + lists[capacity + u], order + lists[capacity + u + 1]);
          for (const row of rows) found.push([lists[u], row]);
        }
        const expected = ids.slice(0, count).map((id, row): [number, number] => [id, row]);
        expected.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(found).toEqual(expected);
      }),
    );
  });
});
