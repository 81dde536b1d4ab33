import { describe, expect, test } from 'vitest';
import { ownModel, ownReward } from './own-model.ts';

const file = (name: string, text = '{}') => new File([text], name);

describe('a model of one’s own', () => {
  test('is a decoder with its tokenizer, whatever else was chosen with them', () => {
    const { ref, name } = ownModel([
      file('README.md'),
      file('tokenizer.json'),
      file('decoder.ONNX'),
      file('config.json'),
    ]);
    expect(name).toBe('decoder');
    expect(ref.kind === 'own' && ref.beside.map((f) => f.name)).toEqual([
      'tokenizer.json',
      'config.json',
    ]);
  });

  test('has the same key when the same files are chosen again', () => {
    const choose = () => ownModel([file('a.onnx', 'abc'), file('tokenizer.json')]).ref.key;
    expect(choose()).toBe(choose());
    expect(choose()).not.toBe(ownModel([file('a.onnx', 'abcd'), file('tokenizer.json')]).ref.key);
  });

  test.each([
    [[], 'No file was chosen'],
    [['tokenizer.json'], 'tokenizer.json is no .onnx file'],
    [['a.onnx'], 'a.onnx came without a tokenizer.json'],
    [['a.onnx', 'b.onnx', 'tokenizer.json'], 'a.onnx and b.onnx are two models'],
  ])('is refused by name where something is missing: %j', (names, message) => {
    expect(() => ownModel(names.map((name) => file(name)))).toThrow(message);
  });
});

describe('a reward model of one’s own', () => {
  test('is its weights with config and tokenizer, whatever else lies in the folder', () => {
    const names = ['README.md', 'card.json', 'config.json', 'model.safetensors', 'tokenizer.json'];
    const { ref, name } = ownReward(names.map((one) => file(one)));
    expect(name).toBe('your own');
    expect(ref.kind === 'own' && [ref.model.name, ...ref.beside.map((f) => f.name)]).toEqual([
      ...['model.safetensors', 'config.json', 'tokenizer.json'],
    ]);
  });

  test('is another one where files of the same size were written at another time', () => {
    const beside = [file('config.json'), file('tokenizer.json')];
    const keyAt = (lastModified: number) =>
      ownReward([new File(['abc'], 'model.safetensors', { lastModified }), ...beside]).ref.key;
    expect(keyAt(1)).toBe(keyAt(1));
    expect(keyAt(1)).not.toBe(keyAt(2));
  });

  test.each([
    [[], 'There is no .safetensors among them'],
    [['a.safetensors', 'tokenizer.json'], 'a.safetensors came without a config.json'],
    [['a.safetensors', 'config.json'], 'a.safetensors came without a tokenizer.json'],
    [['a.safetensors', 'b.safetensors'], 'a.safetensors and b.safetensors are two models'],
  ])('is refused by name where something is missing: %j', (names, message) => {
    expect(() => ownReward(names.map((name) => file(name)))).toThrow(message);
  });
});
