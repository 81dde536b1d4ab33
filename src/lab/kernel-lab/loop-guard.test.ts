import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../kernels/templates.ts';
import { guardLoops, LOOP_LIMIT } from './loop-guard.ts';

describe('guardLoops', () => {
  it('counts the turns of every kind of loop, past parentheses and attributes', () => {
    const bounded = guardLoops(
      'fn main() { for (var i = 0u; f(i) < 3u; i++) { a(); } while (b()) { c(); } loop { d(); } }',
    );
    expect(bounded.match(/baton_turns >= 65536u/g)).toHaveLength(3);
    expect(bounded).toContain('f(i) < 3u; i++) { if (baton_turns');
    expect(bounded).toContain('var<private> baton_turns: u32;');
    expect(LOOP_LIMIT).toBe(65_536);
  });

  it('looks past comments, nested ones too, and moves no line', () => {
    const source =
      '// for (;;) {\n/* loop { /* while (x) { */ */\nfn main() {\n  loop { break; }\n}';
    const bounded = guardLoops(source);
    expect(bounded.match(/>= 65536u/g)).toHaveLength(1);
    expect(bounded.split('\n')[3]).toContain('loop { if (baton_turns');
  });

  it('declares its count where no comment can swallow it, and adds no line', () => {
    const source = 'fn main() { loop { break; } } // the end }';
    expect(guardLoops(source)).toMatch(/\} \} var<private> baton_turns: u32; \/\/ the end \}$/);
    for (const end of ['', '\n', '\n\n// note', '\n// note\n'])
      expect(guardLoops(`fn main() { loop { break; } }${end}`).split('\n')).toHaveLength(
        end.split('\n').length,
      );
  });

  it('leaves text without loops as it is', () => {
    expect(guardLoops('fn main() { let forward = 1; }')).toBe('fn main() { let forward = 1; }');
  });

  it('counts within the function where barriers ask for uniform control flow', () => {
    const bounded = guardLoops('fn main() { loop { workgroupBarrier(); break; } }');
    expect(bounded).toContain('fn main() { var baton_turns_0 = 0u;');
    expect(bounded).not.toContain('private');
  });

  it('bounds as many loops as each kernel of Baton has words for loops', () => {
    for (const [file, text] of Object.entries(TEMPLATES)) {
      const code = text.replace(/\/\/.*$/gm, '');
      const loops = code.match(/\b(for|while|loop)\b/g)?.length ?? 0;
      const bounded = guardLoops(text).match(/>= 65536u/g)?.length ?? 0;
      expect(bounded, file).toBe(loops);
    }
  });
});
