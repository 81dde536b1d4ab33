/** Kernels as a reader may write them, at their worst: expanding and bounding one ends soon, with a text or a ShaderError. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { fuzz } from '../testing/fuzz.ts';
import { guardLoops } from './loop-guard.ts';
import { CODE_LIMITS } from './wgsl-code.ts';
import { expandTemplate, TEMPLATE_LIMITS } from './wgsl-template.ts';

/** The text that comes out, or what the error says. Any error but a ShaderError fails the test. */
function said(make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof BatonError)) throw error;
    expect(error.kind).toBe('ShaderError');
    return error.message;
  }
}

const many = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join('');

describe('guardLoops', () => {
  it.each([
    ['calls in a chain', many(20_000, (i) => `fn f${i}() { f${i + 1}(); }`), 'functions'],
    ['loops in one another', `fn f() {${'loop {'.repeat(9000)}${'}'.repeat(9001)}`, 'loops'],
    [
      'loops beside barriers, handed down a chain',
      `${many(500, (i) => `fn f${i}() { loop { break; } f${i + 1}(); }`)} fn f500() { workgroupBarrier(); }`,
      'too many loops',
    ],
    ['a text without end', ' '.repeat(CODE_LIMITS.characters + 1), 'characters'],
  ])('refuses %s', (_, text, why) => {
    expect(said(() => guardLoops(text))).toContain(why);
  });

  it('bounds texts at its limits', () => {
    const { functions, loops } = CODE_LIMITS;
    const chain = many(functions - 1, (i) => `fn f${i}() { f${i + 1}(); }`);
    expect(said(() => guardLoops(`${chain} fn f${functions - 1}() { loop { break; } }`))).toContain(
      'baton_turns',
    );
    const nested = `fn f() {${'loop {'.repeat(loops)}${'}'.repeat(loops + 1)}`;
    expect(guardLoops(nested).match(/baton_turns >=/g)).toHaveLength(loops);
  });

  it('finds a free name for its count, however long the taken ones are', () => {
    const taken = `baton_turns${'_'.repeat(50_000)}`;
    expect(guardLoops(`fn f() { var ${taken} = 0u; loop { break; } }`)).toContain(
      `if (${taken}_ >= 65536u)`,
    );
  });

  it('answers any heap of tokens with a text in which every loop counts, or a ShaderError', async () => {
    const token = fc.constantFrom(
      ...['fn', 'f', 'g', 'main', '(', ')', '{', '}', ';', ' ', '\n', 'loop', 'for', 'while'],
      ...['if', 'break', '@', 'compute', '//', '/*', '*/', '\u2028', 'workgroupBarrier()', 'é'],
      ...['baton_turns', 'subgroupAdd(x)', 'fn f() {', 'fn g() { loop {', 'f();', 'g();', '}}'],
    );
    const text = fc.array(token, { maxLength: 60 }).map((parts) => parts.join(' '));
    await fuzz(
      fc.property(text, (source) => {
        let bounded: string;
        try {
          bounded = guardLoops(source);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BatonError', kind: 'ShaderError' });
          return;
        }
        const loops = bounded.match(/(?<![\p{XIDC}])(?:for|while|loop)(?![\p{XIDC}])/gu) ?? [];
        expect(bounded.match(/>= \d+u\) \{ break; \}/g) ?? []).toHaveLength(loops.length);
        expect(bounded.split('\n')).toHaveLength(source.split('\n').length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('expandTemplate', () => {
  const within = (count: number, line: string, middle: string) =>
    `${`${line}\n`.repeat(count)}${middle}\n${'//% end\n'.repeat(count)}`;
  it.each([
    ['a loop of a thousand million turns', '//% for i in 0..1000000000\na\n//% end', 'too long'],
    ['loops whose turns multiply', within(30, '//% for i in 0..10', ''), 'too long'],
    ['a loop to nowhere', '//% for i in 0..(1/0)\na\n//% end', 'no whole number'],
    ['a rest of nothing', '${7 % 0}', 'no whole number'],
    ['directives in one another', within(5000, '//% if 1', 'a'), 'nested too deeply'],
    [
      'parentheses in one another',
      `\${${'('.repeat(900)}1${')'.repeat(900)}}`,
      'nested too deeply',
    ],
    ['signs in one another', `\${${'-'.repeat(900)}1}`, 'nested too deeply'],
    ['a line without end', '${'.repeat(TEMPLATE_LIMITS.lineCharacters), 'characters'],
    ['a text without end', 'a\n'.repeat(TEMPLATE_LIMITS.characters), 'characters'],
    [
      'a text that grows without end',
      `//% for i in 0..9999\n${'a'.repeat(2000)}\n//% end`,
      'expands to',
    ],
  ])('refuses %s', (_, text, why) => {
    expect(said(() => expandTemplate(text, {}))).toContain(why);
  });

  it('answers any heap of lines with a text or a ShaderError that names a line', async () => {
    const expression = fc
      .array(fc.constantFrom(...'0123456789+-*/%()<>= ', 'i', 'n', 'x[i]', '..', '__proto__'), {
        maxLength: 8,
      })
      .map((parts) => parts.join(''));
    const line = fc.oneof(
      fc.constantFrom('//% end', '//% else', '//% if n', '//% for i in 0..3', '//% include a', 'a'),
      expression.map((one) => `//% if ${one}`),
      expression.map((one) => `//% for i in ${one}`),
      expression.map((one) => `//% unroll i in 0..n unless ${one}, then to m`),
      expression.map((one) => `a \${${one}} b`),
    );
    await fuzz(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        try {
          const text = expandTemplate(lines.join('\n'), { n: 3, m: 'm' });
          expect(text.length).toBeLessThanOrEqual(TEMPLATE_LIMITS.expanded);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BatonError', kind: 'ShaderError' });
          expect((error as BatonError).message).toMatch(/^WGSL template, line \d+: /);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
