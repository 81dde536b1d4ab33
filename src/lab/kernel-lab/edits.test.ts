import { describe, expect, it } from 'vitest';
import { catalogue } from './catalogue.ts';
import { expandWithLines, problemsOf } from './edits.ts';
import { phaseOf } from './step-profile.ts';

describe('expandWithLines', () => {
  it('remembers which line of the template each line of the text came from', () => {
    const template = 'a\n//% for i in 0..2\nb${i}\n//% end\nc';
    const { text, lines } = expandWithLines(template, {});
    expect(text).toBe('a\nb0\nb1\nc');
    expect(lines).toEqual([1, 3, 3, 5]);
    expect(problemsOf([{ line: 3, message: 'no' }], { text, lines }, 0)).toEqual([
      { line: 3, message: 'no' },
    ]);
  });

  it('says an error of an unrolled line once', () => {
    const expansion = expandWithLines('//% for i in 0..3\nx\n//% end', {});
    const said = [1, 2, 3].map((line) => ({ line: line + 5, message: 'unknown x' }));
    expect(problemsOf(said, expansion, 5)).toEqual([{ line: 2, message: 'unknown x' }]);
  });
});

describe('the catalogue', () => {
  it('holds every kernel that Baton records, with a text and sizes for each variant', () => {
    const { kernels, files } = catalogue();
    const used = new Set<string>();
    for (const kernel of kernels) {
      expect(kernel.cases.length, kernel.id).toBeGreaterThan(0);
      for (const { files: own, name } of kernel.variants) {
        expect(own.length, `${kernel.id} ${name}`).toBeGreaterThan(0);
        for (const file of own) used.add(file);
      }
    }
    expect([...used].sort()).toEqual(Object.keys(files).sort());
    expect(new Set(kernels.flatMap((kernel) => kernel.kernels)).size).toBe(
      kernels.flatMap((kernel) => kernel.kernels).length,
    );
  });
});

describe('phaseOf', () => {
  it('tells a phase by the kernels of its recording', () => {
    expect(phaseOf(['matmul-nt', 'decode-attention', 'sample'])).toBe('sample');
    expect(phaseOf(['matmul-nt', 'attention-forward', 'token-logprob'])).toBe('forward');
    expect(phaseOf(['matmul-tn', 'swiglu-backward'])).toBe('backward');
    expect(phaseOf(['gradient-norm-1', 'adamw'])).toBe('update');
  });
});
