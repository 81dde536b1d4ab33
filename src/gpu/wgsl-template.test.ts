import { describe, expect, it } from 'vitest';
import { expandWgsl } from './wgsl-template.ts';

describe('the WGSL template', () => {
  it('substitutes integer expressions and strings', () => {
    expect(expandWgsl('let a = ${N * (2 + 1) - 1}; // ${KIND}', { N: 4, KIND: 'f32' })).toBe(
      'let a = 11; // f32',
    );
  });

  it('gives every set of constants its own text, however many there are and whichever was asked for before', () => {
    const source = 'let a = ${N}; // ${KIND}';
    for (const round of [0, 1]) {
      for (let n = 0; n < 200; n++) {
        expect(expandWgsl(source, { N: n, KIND: `f${round}` })).toBe(`let a = ${n}; // f${round}`);
      }
    }
    expect(expandWgsl('let b = ${N}; // ${KIND}', { N: 1, KIND: 'f1' })).toBe('let b = 1; // f1');
  });

  it('unrolls nested loops with bounds that may be expressions', () => {
    const source = '//% for i in 0..R\n//% for j in i..R\nx${i}${j}\n//% end\n//% end';
    expect(expandWgsl(source, { R: 2 })).toBe('x00\nx01\nx11');
  });

  it('keeps exactly one branch, also inside loops', () => {
    const source =
      '//% for i in 0..3\n//% if i % 2 == 0\neven${i}\n//% else\nodd${i}\n//% end\n//% end';
    expect(expandWgsl(source, {})).toBe('even0\nodd1\neven2');
  });

  it('leaves a loop of zero rounds and a dropped branch out, without reading names in them', () => {
    expect(
      expandWgsl('a\n//% for i in 0..0\n${UNKNOWN}\n//% end\n//% if 0\n${UNKNOWN}\n//% end\nb', {}),
    ).toBe('a\nb');
  });

  it('unrolls registers, or keeps them as an array in a loop', () => {
    const source =
      '//% unroll d in 0..N unless N > 2, then to shape.n\n${q[d]} = x[at + ${d}];\n//% end';
    expect(expandWgsl(source, { N: 2 })).toBe('q0 = x[at + 0];\nq1 = x[at + 1];');
    expect(expandWgsl(source, { N: 3 })).toBe(
      'for (var d = 0u; d < shape.n; d++) {\nq[d] = x[at + d];\n}',
    );
    expect(expandWgsl(`//% if 0\n${source}\n//% end\nrest`, { N: 3 })).toBe('rest');
  });

  it.each([
    ['//% unroll d in 0..2\nx\n//% end', /cannot read/],
    ['${NOPE}', /unknown name "NOPE"/],
    ['//% for i in 0..2\nx', /`end` is missing/],
    ['//% end', /without its beginning/],
    ['//% while 1', /unknown directive/],
    ['a\n//% include b.wgsl', /line 2: .*write the lines themselves/],
    ['${1 +}', /unknown name/],
  ])('refuses %j with the line', (source, message) => {
    expect(() => expandWgsl(source, {})).toThrow(message);
  });
});
