import { describe, expect, it } from 'vitest';
import { isOwn, ownId, ownSource } from './own.ts';

/** A file that says how large it is and cannot be read. */
const claimed = (name: string, size: number) =>
  Object.defineProperty(new File([], name), 'size', { value: size });

describe('a decoder of one’s own', () => {
  it.each([
    ['model.onnx', 'own/model'],
    ['My Model (2).ONNX', 'own/my-model-2'],
    ['--.onnx', 'own/model'],
    ['Ä.onnx', 'own/model'],
    [`${'long-'.repeat(20)}.onnx`, `own/${'long-'.repeat(8).slice(0, -1)}`],
  ])('of the file %s is called %s', (name, id) => {
    expect(ownId(name)).toBe(id);
    expect(isOwn(ownId(name))).toBe(true);
    expect(isOwn('policies/own')).toBe(false);
  });

  it('is refused by its size before a byte is read, and so is what stands beside it', async () => {
    const model = new File(['onnx'], 'a.onnx');
    await expect(ownSource('own/a', claimed('a.onnx', 600 * 2 ** 20), [])).rejects.toMatchObject({
      ...{ kind: 'BadFile', field: 'a.onnx' },
      message: 'a.onnx has 600 MiB; at most 512 MiB fit here',
    });
    const beside = [claimed('tokenizer.json', 2 ** 31)];
    await expect(ownSource('own/a', model, beside)).rejects.toMatchObject({
      ...{ kind: 'BadFile', field: 'tokenizer.json' },
      message: 'tokenizer.json has 2048 MiB; at most 64 MiB fit here',
    });
  });

  it('comes with its small files read and its model unread', async () => {
    const model = new File(['onnx'], 'a.onnx');
    const source = await ownSource('own/a', model, [new File(['{}'], 'tokenizer.json')]);
    expect(source).toMatchObject({ kind: 'onnx', id: 'own/a', file: model });
    expect(source.files.get('tokenizer.json')).toEqual(new TextEncoder().encode('{}'));
  });
});
