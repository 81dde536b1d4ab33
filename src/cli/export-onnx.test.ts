/** `export-onnx` writes what it says it writes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../model/load.ts';
import { labHere, scratchFolder, writeTinyModel } from './testing/lab.ts';

ort.env.wasm.numThreads = 1;
const folder = scratchFolder();
writeTinyModel(join(folder, 'model'));
writeTinyModel(join(folder, 'bare'), { tokenizer: false });

describe('export-onnx', () => {
  it('writes a file that a runtime opens, and says what is in it', async () => {
    const { status, result, log } = await labHere(
      ['export-onnx', '--model', 'model', '--out', 'deep/tiny.onnx'],
      folder,
    );
    expect(status, log).toBe(0);
    const bytes = readFileSync(join(folder, 'deep/tiny.onnx'));
    expect(result).toMatchObject({
      bytes: bytes.length,
      opset: 17,
      sha256: await sha256Hex(bytes),
    });
    const session = await ort.InferenceSession.create(new Uint8Array(bytes));
    expect(Object.keys(result.inputs).sort()).toEqual([...session.inputNames].sort());
    expect(Object.keys(result.outputs).sort()).toEqual([...session.outputNames].sort());
    expect(result.inputs['past_key_values.1.value']).toBe(
      'float32 [batch_size, 1, past_sequence_length, 8]',
    );
    const model = readFileSync(join(folder, 'model/model.safetensors'));
    expect(bytes.includes(await sha256Hex(model))).toBe(true);
    await session.release();
  });

  it('writes the folder of transformers.js, and the same file in it', async () => {
    const args = ['export-onnx', '--model', 'model', '--out', 'same.onnx', '--folder', 'web'];
    const { status, result, log } = await labHere(args, folder);
    expect(status, log).toBe(0);
    for (const file of result.files) expect(existsSync(join(folder, 'web', file))).toBe(true);
    expect(result.files).toContain('tokenizer_config.json');
    expect(readFileSync(join(folder, 'web/onnx/model.onnx'))).toEqual(
      readFileSync(join(folder, 'same.onnx')),
    );
    const bare = await labHere(['export-onnx', '--model', 'bare', '--folder', 'ids'], folder);
    expect(bare.result.files).not.toContain('tokenizer.json');
  });

  it.each([
    [['--model', 'model'], '--out'],
    [['--model', 'model', '--out', 'model.bin'], '--out'],
    [['--model', 'nowhere', '--out', 'x.onnx'], '--model'],
  ])('refuses %j before it writes', async (args, field) => {
    const { status, result } = await labHere(['export-onnx', ...args], folder);
    expect(status).toBe(2);
    expect(result.error.field).toBe(field);
  });
});
