import { describe, expect, it } from 'vitest';
import { boundedIfChanged } from '../gpu/loop-guard.ts';
import { type ChangedKernel, changedTemplates, formOf, usesAfter } from './changed-kernels.ts';

const kernel = (more: Partial<ChangedKernel> = {}): ChangedKernel => ({
  ...{ file: 'a/a.wgsl', original: 'a${N}', text: 'b${N}', sha256: 'b1', kernels: ['a'] },
  forms: ['N = 1'],
  ...more,
});

describe('the templates of changed kernels', () => {
  it('take the place of their originals, with bounded loops, and leave all others as they are', () => {
    const loop = 'fn main() { loop { break; } }';
    const expand = changedTemplates([kernel(), kernel({ original: 'c', text: loop, forms: [''] })]);
    expect(boundedIfChanged(expand?.('a${N}', { N: 1 }) ?? '').trim()).toBe('b1');
    expect(boundedIfChanged(expand?.('c', {}) ?? '')).toContain('>= 65536u');
    expect(expand?.('d${N}', { N: 2 })).toBe('d2');
    expect(changedTemplates([])).toBeNull();
  });

  it('are not used in a form that was not checked', () => {
    const expand = changedTemplates([kernel()]);
    expect(() => expand?.('a${N}', { N: 2 })).toThrow('not checked in a form');
  });

  it('have one spelling for equal sets of constants', () => {
    expect(formOf({ B: 1, A: 'x' })).toBe('A = x, B = 1');
    expect(formOf({ A: 'x', B: 1 })).toBe(formOf({ B: 1, A: 'x' }));
    expect(formOf({})).toBe('');
  });
});

describe('what a manifest says of changed kernels', () => {
  const use = (sha256: string, from_step: number, to_step: number | null, file = 'a/a.wgsl') => ({
    ...{ file, sha256, from_step, to_step },
  });

  it('names each text with the rows that were computed with it', () => {
    const first = usesAfter([], [kernel()], 0);
    expect(first).toEqual([use('b1', 0, null)]);
    const both = usesAfter(first, [kernel(), kernel({ file: 'c', sha256: 'c1' })], 4);
    expect(both).toEqual([use('b1', 0, null), use('c1', 4, null, 'c')]);
    const other = usesAfter(both, [kernel({ sha256: 'b2' })], 7);
    expect(other).toEqual([use('b1', 0, 6), use('c1', 4, 6, 'c'), use('b2', 7, null)]);
    expect(usesAfter(other, [], 9)).toEqual([
      ...[use('b1', 0, 6), use('c1', 4, 6, 'c'), use('b2', 7, 8)],
    ]);
  });

  it('does not name one that was taken out before a row was computed with it', () => {
    const before = usesAfter([], [kernel()], 5);
    expect(usesAfter(before, [], 5)).toEqual([]);
    // A failure went back behind the row from which it was used.
    expect(usesAfter(before, [], 4)).toEqual([]);
  });

  it('names a text twice that was taken out and put in again', () => {
    const out = usesAfter(usesAfter([], [kernel()], 1), [], 3);
    expect(usesAfter(out, [kernel()], 6)).toEqual([use('b1', 1, 2), use('b1', 6, null)]);
  });
});
