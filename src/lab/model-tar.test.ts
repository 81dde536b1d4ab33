import { createTar } from 'nanotar';
import { describe, expect, it } from 'vitest';
import { packModel, unpackModel } from './model-tar.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const FILES = new Map([
  ['model.safetensors', bytes('weights')],
  ['config.json', bytes('{}')],
  ['tokenizer.json', bytes('{"model":{}}')],
]);
const tar = (...names: string[]) => createTar(names.map((name) => ({ name, data: bytes(name) })));

describe('a model as one file', () => {
  it('gives back what went in, and unpacks to a folder of its name', () => {
    const packed = packModel('mine', FILES);
    expect(new Map([...unpackModel(packed)].sort())).toEqual(new Map([...FILES].sort()));
    expect(packModel('mine', FILES)).toEqual(packed);
    expect(new TextDecoder().decode(packed.subarray(0, 16))).toMatch(/^mine\/config\.json/);
  });

  it('is read wherever its folder lies, without what else is there', () => {
    const packed = tar('a/b/README.md', 'a/b/config.json', 'a/b/model.safetensors', 'notes.txt');
    expect([...unpackModel(packed).keys()]).toEqual(['config.json', 'model.safetensors']);
    expect(unpackModel(tar('model.safetensors')).size).toBe(1);
  });

  it.each([
    ['two models', tar('a/model.safetensors', 'b/model.safetensors'), 'more than one model'],
    ['a file twice', tar('model.safetensors', 'model.safetensors'), 'model.safetensors twice'],
    ['no weights', tar('config.json'), 'no model.safetensors'],
    ['a part of an archive', packModel('mine', FILES).slice(0, 600), 'cut short'],
    ['a text', bytes('hello'.repeat(300)), 'no tar archive'],
  ])('is refused by name where it is %s', (_, packed, why) => {
    const refused = expect.objectContaining({
      kind: 'BadFile',
      message: expect.stringContaining(why),
    });
    expect(() => unpackModel(packed, 'mine.tar')).toThrow(refused);
  });
});
