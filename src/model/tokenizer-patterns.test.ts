import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { fuzz } from '../testing/fuzz.ts';
import { characterTokenizerJson } from './character-tokenizer.ts';
import { loadTokenizer } from './tokenizer.ts';
import { slowPattern } from './tokenizer-patterns.ts';

/** Patterns as published tokenizers have them. */
const PUBLISHED = {
  gpt2: "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  llama3:
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  o200k:
    "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  clip: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
  'digits in threes': '\\d{1,3}(?=(?:\\d{3})*\\b)',
  bloom: ' ?[^(\\s|[.,!?…。，、।۔،])]+',
};

/** A tokenizer of characters whose text is split or replaced first. */
function tokenizerWith(parts: object) {
  return () => loadTokenizer({ ...characterTokenizerJson(), ...parts });
}
const split = (Regex: string) => ({
  pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
});
const replace = (pattern: object, content: unknown) => ({ type: 'Replace', pattern, content });

function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(BatonError);
    return (error as BatonError).message;
  }
  return '';
}

describe('a tokenizer', () => {
  it('with the pattern of a published one is accepted', () => {
    for (const [name, pattern] of Object.entries(PUBLISHED)) {
      expect(refusal(tokenizerWith(split(pattern))), name).toBe('');
    }
  });

  it('whose pattern backtracks without end is refused, wherever the pattern is', () => {
    const slow = [
      '(a+)+$',
      '(a|a)*b',
      '(a|aa)+$',
      '([a-z]+)*!',
      '(a?){50}a{50}',
      '(?:a{1,9}){9,}$',
      '(a)\\1*',
      '\\p{L}*[a-z]*\\w*!',
    ];
    for (const pattern of slow) {
      const nested = { type: 'Sequence', pretokenizers: [split(pattern).pre_tokenizer] };
      for (const parts of [
        split(pattern),
        { pre_tokenizer: nested },
        { normalizer: replace({ Regex: pattern }, 'a') },
        { decoder: replace({ Regex: pattern }, 'a') },
      ]) {
        expect(refusal(tokenizerWith(parts)), pattern).toContain('may take for ever');
      }
    }
  });

  it('whose replacements make a text longer and longer is refused', () => {
    const many = (one: object) => ({
      normalizer: { type: 'Sequence', normalizers: Array.from({ length: 40 }, () => one) },
    });
    for (const one of [
      replace({ String: 'a' }, 'aa'),
      replace({ String: '' }, 'a'),
      replace({ Regex: 'a' }, 'aa'),
      replace({ Regex: 'a' }, ['aa']),
      replace({ String: 'aaaa' }, '$`$&'),
    ]) {
      expect(refusal(tokenizerWith(many(one))), JSON.stringify(one)).toContain('longer and longer');
    }
    expect(refusal(tokenizerWith(many(replace({ String: ' ' }, '▁'))))).toBe('');
  });
});

/** Runs patterns over texts in a thread that can be ended. @returns the pattern that it did not get through, or null */
function stuckIn(patterns: readonly string[], texts: readonly string[]): Promise<string | null> {
  const code = `const { parentPort, workerData: { patterns, texts } } = require('node:worker_threads');
    for (const pattern of patterns) {
      parentPort.postMessage(pattern);
      for (const text of texts) text.replaceAll(new RegExp(pattern, 'gu'), '');
    }
    parentPort.postMessage(null);`;
  return new Promise((resolve, reject) => {
    const worker = new Worker(code, { eval: true, workerData: { patterns, texts } });
    let last: string | null = patterns[0];
    const limit = setTimeout(() => worker.terminate(), 20_000);
    worker.on('message', (pattern) => {
      last = pattern;
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(limit);
      resolve(last);
    });
  });
}

describe('slowPattern', () => {
  it('accepts no pattern that a thread cannot finish', async () => {
    const { pattern } = fc.letrec<{ pattern: string; atom: string }>((tie) => ({
      atom: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('a', '[ab]', '\\w', '.', '\\p{L}', 'b', '[^b]'),
        tie('pattern').map((inner) => `(?:${inner})`),
        tie('pattern').map((inner) => `(?:(?=${inner})a)`),
      ),
      pattern: fc
        .array(
          fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?')),
          {
            minLength: 1,
            maxLength: 4,
          },
        )
        .map((parts) =>
          parts.map(([atom, often], i) => `${i === 2 ? '|' : ''}${atom}${often}`).join(''),
        ),
    }));
    const texts = [`${'a'.repeat(150)}!`, `${'ab'.repeat(60)}!`, `${'a'.repeat(150)}b`];
    await fuzz(
      fc.asyncProperty(fc.array(pattern, { minLength: 60, maxLength: 60 }), async (patterns) => {
        const taken = patterns.filter((one) => {
          new RegExp(one, 'u');
          return slowPattern(one) === null;
        });
        expect(await stuckIn(taken, texts)).toBeNull();
      }),
      { numRuns: 3 },
    );
  });
});
