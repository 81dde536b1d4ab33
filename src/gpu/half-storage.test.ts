/** The rewriting of a kernel's text for operands stored as halves. */
import { describe, expect, it } from 'vitest';
import { storedAsHalves } from './half-storage.ts';
import type { Kernel } from './kernel.ts';

const HEAD = `
@group(0) @binding(0) var<uniform> shape: Shape;
@group(0) @binding(1) var<storage, read> a: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> c: array<vec4f>;
@group(0) @binding(3) var<storage, read> list: array<u32>;
@group(0) @binding(4) var<storage, read_write> pairs: array<vec2f>;
`;

function kernel(body: string): Kernel {
  return {
    name: 'probe',
    variant: 'plain',
    source: HEAD + body,
    bindings: ['read', 'write', 'read', 'write'],
  };
}

/** The rewritten body alone. */
function rewritten(body: string, halves: readonly number[]): string {
  const { source } = storedAsHalves(kernel(body), halves);
  const start = source.indexOf('pairs: array<') + 'pairs: array<vec2f>;\n'.length;
  return source.slice(source.indexOf('\n', start - 8) + 1, source.indexOf('\nfn wide2'));
}

describe('a kernel whose operands are halves', () => {
  it('is left alone where none is', () => {
    const plain = kernel('x = a[i];');
    expect(storedAsHalves(plain, [])).toBe(plain);
  });

  it.each([
    ['a read', 'let x = a[i + 1u];', 'let x = wide4(a[i + 1u]);'],
    ['a part of what is read', 'let x = a[i].x;', 'let x = wide4(a[i]).x;'],
    [
      'an index that reads',
      'let x = a[u32(a[list[j]].x)];',
      'let x = wide4(a[u32(wide4(a[list[j]]).x)]);',
    ],
    ['a store', 'c[at] = v * 2.0;', 'c[at] = narrow4(v * 2.0);'],
    [
      'a store of what is read',
      'c[at] = a[at] + c[at];',
      'c[at] = narrow4(wide4(a[at]) + wide4(c[at]));',
    ],
    [
      'a sum in place',
      'c[at] += a[at] * 2.0;',
      'c[at] = narrow4(wide4(c[at]) + (wide4(a[at]) * 2.0));',
    ],
    ['a second condition', 'b = y && a[i].x > 0.0;', 'b = y && wide4(a[i]).x > 0.0;'],
    ['a comparison', 'if (a[i].x == b.x) { return; }', 'if (wide4(a[i]).x == b.x) { return; }'],
  ])('converts %s', (_name, body, expected) => {
    expect(rewritten(body, [1, 2])).toBe(expected);
  });

  it('leaves other names, members and comments alone', () => {
    const body = '// c[r, s] = sum of a[r, k]\nlet x = aa[i] + shape.a[i] + list[i]; // a[i]\n';
    expect(rewritten(body, [1, 2])).toBe(body);
  });

  it('declares the words, and only of those that were named', () => {
    const { source } = storedAsHalves(kernel('c[i] = a[i]; pairs[i] = a[i].xy;'), [1, 4]);
    expect(source).toContain('read> a: array<vec2u>;');
    expect(source).toContain('c: array<vec4f>;');
    expect(source).toContain('pairs: array<u32>;');
    expect(source).toContain('c[i] = wide4(a[i]); pairs[i] = narrow2(wide4(a[i]).xy);');
  });

  it('knows a vector that is written out', () => {
    const short = kernel('c[i] = a[i];');
    const long = short.source.replace('a: array<vec4f>', 'a: array<vec4<f32>>');
    const { source } = storedAsHalves({ ...short, source: long }, [1]);
    expect(source).toContain('read> a: array<vec2u>;');
    expect(source).toContain('c[i] = wide4(a[i]);');
  });

  it('refuses what is not made of vectors', () => {
    expect(() => storedAsHalves(kernel(''), [3])).toThrow(/probe \(plain\).*binding 3/);
    expect(() => storedAsHalves(kernel(''), [9])).toThrow(/binding 9/);
    expect(() => storedAsHalves(kernel('a[i'), [1])).toThrow(/bracket/);
    expect(() => storedAsHalves(kernel('c[i].x += 1.0;'), [2])).toThrow(/assign the whole vector/);
    expect(() => storedAsHalves(kernel('let to = &c[i];'), [2])).toThrow(/address of c/);
  });
});
