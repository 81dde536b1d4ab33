import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../kernels/templates.ts';
import { fuzz } from '../testing/fuzz.ts';
import { asChanged, boundedIfChanged, guardLoops, LOOP_LIMIT, TURN_BUDGET } from './loop-guard.ts';
import { withoutComments } from './wgsl-code.ts';

/** What ends a line in WGSL. */
const BREAKS = ['\n', '\v', '\f', '\r', '\r\n', '\u0085', '\u2028', '\u2029'];
const checks = (text: string) => text.match(/>= \d+u\) \{ break; \}/g)?.length ?? 0;

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

  it('takes for code what stands behind a comment, by whichever character its line ends', () => {
    for (const end of BREAKS) {
      const hidden = `fn main() { var q = 1u; //x${end} loop { q |= 1u; }\n}`;
      expect(checks(guardLoops(hidden)), JSON.stringify(end)).toBe(1);
    }
  });

  it('leaves no comment, so that what rewrites the text later cannot bring one to life', () => {
    const bounded = guardLoops('fn main() { // a\n /* b /* */ loop {} */ loop { break; } } //');
    expect(bounded).not.toMatch(/\/[/*]/);
  });

  it('takes a word for a loop only where WGSL does', () => {
    expect(
      checks(guardLoops('fn main() { let loop_ = 1; let élan_for = 2; let forward = 3; }')),
    ).toBe(0);
    expect(checks(guardLoops('fn main() { /**/loop/**/{ break; } }'))).toBe(1);
  });

  it('declares its count where no comment can swallow it, and adds no line', () => {
    const source = 'fn main() { loop { break; } } // the end }';
    expect(guardLoops(source)).toMatch(/\} \} var<private> baton_turns: u32; *$/);
    for (const end of ['', '\n', '\n\n// note', '\n// note\n'])
      expect(guardLoops(`fn main() { loop { break; } }${end}`).split('\n')).toHaveLength(
        end.split('\n').length,
      );
  });

  it('has a count whose name the text does not use, so that the text cannot put it back', () => {
    const bounded = guardLoops('fn main() { var baton_turns = 0u; loop { baton_turns = 0u; } }');
    expect(bounded).toContain('if (baton_turns_ >= 65536u)');
    const barrier = 'fn main() { var baton_turns_1 = 0u; loop { workgroupBarrier(); } }';
    expect(guardLoops(barrier)).toContain('if (*baton_turns__ >=');
  });

  it('leaves text without loops as it is', () => {
    expect(guardLoops('fn main() { let forward = 1; }')).toBe('fn main() { let forward = 1; }');
  });

  it('has one count for all loops around barriers, handed from the entry point to what it calls', () => {
    const bounded = guardLoops(
      'fn inner() { loop { workgroupBarrier(); break; } }\n@compute @workgroup_size(1) fn main() { loop { inner(); break; } }',
    );
    expect(bounded).not.toContain('private');
    expect(bounded).toContain('fn inner(baton_turns: ptr<function, u32>, )');
    expect(bounded).toContain('if (*baton_turns >= 65536u) { break; } *baton_turns += 1u;');
    expect(bounded).toContain('{ var baton_turns = 0u;');
    expect(bounded).toContain('inner(&baton_turns, )');
  });

  it('divides one budget among the counts of a text with barriers', () => {
    const loops = 'loop { break; } '.repeat(99);
    const bounded = guardLoops(
      `@compute @workgroup_size(1) fn main() { loop { workgroupBarrier(); } ${loops} }`,
    );
    const limits = [...bounded.matchAll(/>= (\d+)u/g)].map(([, limit]) => Number(limit));
    expect(limits).toHaveLength(100);
    expect(limits.reduce((sum, limit) => sum + limit)).toBeLessThanOrEqual(TURN_BUDGET);
  });

  it('refuses calls that branch without end, and functions that call themselves', () => {
    const tree = Array.from({ length: 30 }, (_, i) => `fn f${i}() { f${i + 1}(); f${i + 1}(); }`);
    expect(() => guardLoops(`${tree.join('\n')} fn f30() {}`)).toThrow('too many calls');
    expect(() => guardLoops('fn f() { f(); }')).toThrow('too many calls');
  });

  it('refuses what it cannot read', () => {
    for (const text of ['fn main() { loop', 'loop { }', 'fn main() { loop { ', 'fn f('])
      expect(() => guardLoops(text), text).toThrow('cannot be bounded');
  });

  it('bounds a kernel of which a part was changed as a whole, and no other', () => {
    const loop = 'fn f() { loop { break; } }';
    expect(checks(boundedIfChanged(`${loop} ${asChanged('fn g() {}')}`))).toBe(1);
    expect(boundedIfChanged(loop)).toBe(loop);
  });

  it('bounds as many loops as each kernel of Baton has words for loops', () => {
    for (const [file, text] of Object.entries(TEMPLATES)) {
      const code = text.replace(/\/\/.*$/gm, '');
      const loops = code.match(/\b(for|while|loop)\b/g)?.length ?? 0;
      const whole = code.replace(/\$\{[^}]*\}/g, '1');
      expect(checks(guardLoops(whole)), file).toBe(loops);
    }
  });
});

/** A second reading of the rules for comments, one character at a time. */
function commentsOf(source: string): boolean[] {
  const inside: boolean[] = [];
  let line = false;
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    const two = source.slice(i, i + 2);
    if (line && '\n\v\f\r\u0085\u2028\u2029'.includes(source[i])) line = false;
    if (!line && depth === 0 && two === '//') line = true;
    const mark = !line && (two === '/*' ? 1 : depth > 0 && two === '*/' ? -1 : 0);
    inside[i] = line || depth > 0 || mark === 1;
    if (mark) {
      inside[++i] = true;
      depth += mark;
    }
  }
  return inside;
}

describe('withoutComments', () => {
  it('blanks what the rules of WGSL call comments and nothing else', async () => {
    const piece = fc.constantFrom(
      '//',
      '/*',
      '*/',
      '/',
      '*',
      'loop',
      '{',
      '}',
      ' ',
      '\ud83d',
      ...BREAKS,
    );
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    await fuzz(
      fc.property(text, (source) => {
        const inside = commentsOf(source);
        const wanted = [...source.split('')]
          .map((character, i) => (inside[i] && character !== '\n' ? ' ' : character))
          .map((character) => (/[\v\f\r\u0085\u2028\u2029]/.test(character) ? ' ' : character));
        expect(withoutComments(source)).toBe(wanted.join(''));
      }),
      { numRuns: 500 },
    );
  });
});
