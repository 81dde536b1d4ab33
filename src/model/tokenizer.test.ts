import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import {
  CHARACTERS,
  characterTokenizerConfigJson,
  characterTokenizerJson,
  SPECIAL_TOKENS,
} from './character-tokenizer.ts';
import { loadTokenizer } from './tokenizer.ts';

const json = characterTokenizerJson();
const config = characterTokenizerConfigJson(256);
/** As from a file: a copy without shared parts. */
const copy = (value: unknown) => JSON.parse(JSON.stringify(value));
const tokenizer = loadTokenizer(copy(json), copy(config));

function failure(run: () => unknown): BatonError {
  try {
    run();
  } catch (error) {
    if (error instanceof BatonError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the character tokenizer', () => {
  it('has 64 tokens in the stated order', () => {
    expect(SPECIAL_TOKENS.length + CHARACTERS.length).toBe(64);
    expect(new Set(CHARACTERS).size).toBe(61);
    expect(tokenizer.vocabSize).toBe(64);
    expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1, 2]);
    const expected = { '0': 3, '9': 12, '+': 13, '^': 35, ' ': 36, '\n': 37, a: 38, z: 63 };
    for (const [character, id] of Object.entries(expected)) {
      expect([character, tokenizer.idOf(character)]).toEqual([character, id]);
      expect(tokenizer.encode(character)).toEqual([id]);
    }
  });

  it('encodes one id a character, with <bos> in front when asked', () => {
    const ids = [6, 36, 8, 36, 10, 14, 5, 9, 22];
    const text = '3 5 7-26:';
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.encode(text, { addSpecial: true })).toEqual([1, ...ids]);
    expect(tokenizer.encode('')).toEqual([]);
    expect(tokenizer.encode('', { addSpecial: true })).toEqual([1]);
  });

  it('gives back every text over its characters, spaces before commas and newlines included', () => {
    expect(tokenizer.decode(tokenizer.encode(CHARACTERS))).toBe(CHARACTERS);
    const text = fc
      .array(fc.constantFrom(...CHARACTERS), { maxLength: 40 })
      .map((list) => list.join(''))
      .filter((t) => !SPECIAL_TOKENS.some((special) => t.includes(special)));
    fc.assert(
      fc.property(text, (t) => {
        const ids = tokenizer.encode(t);
        expect(ids.length).toBe(t.length);
        expect(tokenizer.decode(ids)).toBe(t);
        expect(ids.map((id) => tokenizer.tokenText(id)).join('')).toBe(t);
      }),
    );
  });

  it('leaves special tokens out of a decoded text, or shows them', () => {
    expect(tokenizer.decode([1, 38, 2, 0])).toBe('a');
    expect(tokenizer.decode([1, 38, 2, 0], { skipSpecial: false })).toBe('<bos>a<eos><pad>');
    expect(tokenizer.tokenText(2)).toBe('<eos>');
    expect(tokenizer.decode([])).toBe('');
  });

  it('shows an id outside the vocabulary as U+FFFD', () => {
    expect(tokenizer.decode(new Uint32Array([38, 64, 39]))).toBe('a\ufffdb');
    expect(tokenizer.tokenText(1000)).toBe('\ufffd');
    expect(tokenizer.idOf('é')).toBeNull();
  });

  it.each(['É', 'A', '\t', '🎲'])('says that %j is not in it', (character) => {
    const error = failure(() => tokenizer.encode(`1+${character}=2`));
    expect(error.kind).toBe('BadConfig');
    expect(error.message).toBe(`Character ${JSON.stringify(character)} is not in this tokenizer`);
  });
});

describe('loadTokenizer', () => {
  it('takes the ids of special tokens from the model where no file names them', () => {
    const bare = loadTokenizer(copy(json), undefined, { eos_token_id: 2, bos_token_id: null });
    expect([bare.padId, bare.bosId, bare.eosId]).toEqual([null, null, 2]);
    const named = loadTokenizer(
      copy(json),
      { eos_token: { content: '<pad>' } },
      { eos_token_id: 2 },
    );
    expect(named.eosId).toBe(0);
  });

  it('loads a byte-level tokenizer and gives each token the text it adds', () => {
    const bytes = ['a', 'b', 'Ġ', 'Ġa', 'Ã', '©'];
    const byteLevel = loadTokenizer({
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(bytes.map((b, i) => [b, i])),
        merges: ['Ġ a'],
      },
      pre_tokenizer: {
        type: 'ByteLevel',
        add_prefix_space: false,
        trim_offsets: true,
        use_regex: true,
      },
      decoder: { type: 'ByteLevel' },
    });
    expect(byteLevel.encode('b a é')).toEqual([1, 3, 2, 4, 5]);
    expect(byteLevel.decode([1, 3, 2, 4, 5])).toBe('b a é');
    expect(byteLevel.tokenText(3)).toBe(' a');
    expect(failure(() => byteLevel.encode('ab?')).message).toContain('"?" is not in');
  });

  it('says which character a tokenizer with an unknown token does not know', () => {
    const words = loadTokenizer({
      model: { type: 'BPE', vocab: { '<unk>': 0, a: 1 }, merges: [], unk_token: '<unk>' },
    });
    expect(words.encode('aa')).toEqual([1, 1]);
    expect(failure(() => words.encode('ab')).message).toContain('"b"');
  });

  it('accepts characters that the tokenizer removes on purpose', () => {
    const words = loadTokenizer({
      model: { type: 'BPE', vocab: { a: 0, b: 1 }, merges: [] },
      pre_tokenizer: { type: 'WhitespaceSplit' },
    });
    expect(words.encode('a b')).toEqual([0, 1]);
    expect(failure(() => words.encode('a c')).message).toContain('"c"');
  });

  const model = json.model as Record<string, unknown>;
  it.each([
    ['no object', [], 'not a JSON object'],
    ['no model', {}, 'model is missing'],
    ['no vocabulary', { model: { type: 'BPE', merges: [] } }, 'model.vocab is missing'],
    [
      'an empty vocabulary',
      { model: { type: 'BPE', vocab: {}, merges: [] } },
      'model.vocab is empty',
    ],
    ['a kind nobody knows', { model: { ...model, type: 'Magic' } }, 'model.type is none of BPE'],
    ['no merges', { model: { type: 'BPE', vocab: { a: 0 } } }, 'model.merges is missing'],
    ['a negative id', { model: { ...model, vocab: { a: -1 } } }, 'gives "a" an id'],
    ['a huge id', { model: { ...model, vocab: { a: 4e9 } } }, 'gives "a" an id'],
    ['an id that is text', { model: { ...model, vocab: { a: '0' } } }, 'gives "a" an id'],
    ['an id used twice', { model: { ...model, vocab: { a: 0, b: 0 } } }, 'id 0 to "b" and to "a"'],
    [
      'an added token without id',
      { model, added_tokens: [{ content: '<x>' }] },
      'gives "<x>" an id',
    ],
    ['an empty added token', { model, added_tokens: [{ content: '', id: 70 }] }, 'empty entry'],
    ['a normaliser nobody knows', { model, normalizer: { type: 'Magic' } }, 'Magic'],
    [
      'a broken pattern',
      { model, pre_tokenizer: { type: 'Split', pattern: { Regex: '(' } } },
      'cannot be built',
    ],
    [
      'a template without parts',
      { model, post_processor: { type: 'TemplateProcessing' } },
      'cannot be built',
    ],
  ])('refuses %s, saying so', (_, broken, reason) => {
    const error = failure(() => loadTokenizer(copy(broken)));
    expect(error.kind).toBe('BadFile');
    expect(error.message).toContain(reason);
  });
});
