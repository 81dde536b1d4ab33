import { describe, expect, it } from 'vitest';
import { withIncludes } from './wgsl-include.ts';
import { expandTemplate } from './wgsl-template.ts';

describe('an include', () => {
  it('gives way to the lines of the file, indented as it is', () => {
    const texts = { 'a.wgsl': 'before\n  //% include b.wgsl\nafter', 'b.wgsl': 'one\n\n  two\n' };
    expect(withIncludes('a.wgsl', texts)).toBe('before\n  one\n\n    two\nafter');
  });

  it('is looked for beside the file that names it, also where that is included itself', () => {
    const texts = {
      'k/a.wgsl': '//% include ../shared/b.wgsl',
      'shared/b.wgsl': '//% include ./c.wgsl',
      'shared/c.wgsl': 'found',
    };
    expect(withIncludes('k/a.wgsl', texts)).toBe('found');
  });

  it('may stand twice in a text, and brings directives that the template expands', () => {
    const texts = { a: '//% include b\n//% include b', b: '//% if N > 1\nlet n = ${N};\n//% end' };
    expect(expandTemplate(withIncludes('a', texts), { N: 2 })).toBe('let n = 2;\nlet n = 2;');
  });

  it.each([
    [{ 'k/a': 'x\n//% include b' }, 'k/a, line 2: there is no file k/b to include'],
    [{ 'k/a': '//% include b', 'k/b': '\n\n//% include c' }, 'k/b, line 3: there is no file k/c'],
    [{ 'k/a': '//% include b', 'k/b': '//% include a' }, 'k/b, line 1: .* circle: k/a, k/b, k/a'],
    [{ 'k/a': '//% include a' }, 'k/a, line 1: .* circle: k/a, k/a'],
    [{ 'k/a': '//% include' }, 'k/a, line 1: an include names no file'],
  ])('that cannot be put in is refused with file and line: %j', (texts, message) => {
    expect(() => withIncludes('k/a', texts)).toThrow(new RegExp(message));
  });
});
