/** Receivers that were trained on another alphabet than the policy. */
import { describe, expect, it } from 'vitest';
import { CHARACTERS, characterTokenizerJson } from '../../../model/character-tokenizer.ts';
import type { Receiver } from '../../../model/receiver.ts';
import { loadTokenizer } from '../../../model/tokenizer.ts';
import { task } from '../testing.ts';
import { alphabetOf, requireAlphabet } from './alphabet.ts';
import { finish } from './finish.ts';

const bundled = loadTokenizer(characterTokenizerJson());

/** The bundled tokenizer without some of its characters. */
function without(characters: string) {
  const json = structuredClone(characterTokenizerJson()) as { model: { vocab: object } };
  const kept = Object.entries(json.model.vocab).filter(([token]) => !characters.includes(token));
  json.model.vocab = Object.fromEntries(kept);
  return loadTokenizer(json);
}

const LETTERS = 'abcdefghij';
const digits = { id: 'own/digits', tokenizer: without(LETTERS) };
const refused = (characters: string) => ({
  ...{ kind: 'BadConfig', field: 'receivers' },
  message: `The receiver own/digits cannot write ${characters}, which the policy can`,
});

describe('the alphabet of a policy', () => {
  it('is every character of its tokens, special ones left out', () => {
    expect(alphabetOf(bundled).join('')).toBe(CHARACTERS);
  });

  it('is not asked for where its vocabulary is large', () => {
    const many = Array.from({ length: 2000 }, (_, i) => String.fromCodePoint(0x4e00 + i));
    const json = structuredClone(characterTokenizerJson()) as { model: { vocab: object } };
    json.model.vocab = {
      ...json.model.vocab,
      ...Object.fromEntries(many.map((c, i) => [c, 64 + i])),
    };
    expect(alphabetOf(loadTokenizer(json))).toEqual([]);
  });
});

describe('a receiver', () => {
  it('is taken where it writes everything that is needed, whatever else it lacks', () => {
    expect(() => requireAlphabet(digits, ['12+95=107', ' xyz'])).not.toThrow();
    expect(() => requireAlphabet({ id: 'policy', tokenizer: bundled }, [CHARACTERS])).not.toThrow();
  });

  it('is refused by its name and by the characters that it lacks', () => {
    const error = (texts: readonly string[]) => () => requireAlphabet(digits, texts);
    expect(error(['12+a=b', 'ab'])).toThrow(expect.objectContaining(refused('"a" "b"')));
    const many = { id: 'own/digits', tokenizer: without('abcdefghijklmnopqrst') };
    expect(() => requireAlphabet(many, alphabetOf(bundled))).toThrow(
      expect.objectContaining(
        refused('"a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" "l" and 8 more'),
      ),
    );
  });

  it('is refused at the first answer that it cannot read, before it is asked for anything', async () => {
    let asked = 0;
    const receiver: Receiver = {
      ...digits,
      ...{ backend: 'onnx', positions: 64, close: () => undefined },
      complete: async () => {
        asked += 1;
        return [];
      },
    };
    const question = task.readQuestion('12+95:');
    const items = ['12+95=', 'b+c=', 'd'].map((prefix) => ({ question, prefix, budget: 5 }));
    const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
    const request = { items, copies: 1, sampling, key: [1, 2] as const };
    await expect(finish(receiver, task, request)).rejects.toMatchObject(refused('"b" "c" "d"'));
    expect(asked).toBe(0);
  });
});
