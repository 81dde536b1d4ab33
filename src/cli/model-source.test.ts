/** A model as the page saves it, named where a folder may be. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packModel } from '../lab/model-tar.ts';
import type { LabIo } from './command.ts';
import { loadModel } from './models.ts';
import { root, scratchFolder } from './testing/lab.ts';

const name = 'policies/chain-critic-pico';
const cwd = scratchFolder();

const io = { cwd, root, log: () => undefined } as unknown as LabIo;
const packed = packModel(
  'mine',
  new Map(
    ['config.json', 'tokenizer.json', 'model.safetensors'].map((file) => [
      file,
      new Uint8Array(readFileSync(join(root, 'public/models', name, file))),
    ]),
  ),
);

describe('a model in one file', () => {
  it('is the model of its folder', async () => {
    writeFileSync(join(cwd, 'mine.tar'), packed);
    const [bundled, own] = [
      await loadModel('model', name, io),
      await loadModel('model', 'mine.tar', io),
    ];
    expect(own.hash).toBe(bundled.hash);
    expect(own.tokenizer?.vocabSize).toBe(bundled.tokenizer?.vocabSize);
  });

  it('is refused by name where it is cut short, and where there is none', async () => {
    writeFileSync(join(cwd, 'cut.tar'), packed.subarray(0, 5000));
    await expect(loadModel('model', 'cut.tar', io)).rejects.toMatchObject({
      ...{ kind: 'BadFile', field: 'cut.tar', message: expect.stringContaining('cut short') },
    });
    await expect(loadModel('model', 'none.tar', io)).rejects.toMatchObject({ field: '--model' });
  });
});
