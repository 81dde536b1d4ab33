/** `export-onnx`: a model folder as one .onnx file, or as the folder that transformers.js loads. */
import { resolve } from 'node:path';
import { BUILD } from '../../build.ts';
import { badConfig, badFile } from '../../errors.ts';
import { sha256Hex } from '../../model/load.ts';
import { onnxModel } from '../../receiver/onnx/export-onnx.ts';
import type { ValueSpec } from '../../receiver/onnx/model-proto.ts';
import { onnxFolder } from '../../receiver/onnx/onnx-folder.ts';
import { defineCommand } from '../command.ts';
import { writeWhole } from '../files.ts';
import { loadModel, modelSource } from '../models.ts';
import { optional, required } from '../options.ts';

function twoHeads() {
  return badFile(
    'model.safetensors: score.weight',
    'model.safetensors: score.weight is a scalar head beside a token head; a file has room for one of them',
    'Nothing was written. Choose a model with one of the two.',
  );
}

/** Names with element type and shape, for people to read. */
function described(values: readonly ValueSpec[]): Record<string, string> {
  return Object.fromEntries(
    values.map(({ name, element, shape }) => [name, `${element} [${shape.join(', ')}]`]),
  );
}

export const exportOnnxCommand = defineCommand({
  summary: 'A model as an .onnx file: a decoder with a KV cache, for any ONNX runtime.',
  details: [
    'Inputs and outputs have the names that Optimum and transformers.js use. --out writes the file alone, --folder the whole',
    'layout of transformers.js (onnx/model.onnx, config.json, generation_config.json and the tokenizer). Of a reward model, logits has',
    'one number per token. Answers the bytes of the file, its SHA-256, the operator set, and every input and output with its shape.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    out: optional('F.onnx', 'Where to write the file.'),
    folder: optional('DIR', 'Where to write the folder.'),
  },
  run: async ({ model: name, out, folder }, io) => {
    if (out === undefined && folder === undefined) {
      throw badConfig('--out', '--out or --folder is needed', 'Say where to write the model.');
    }
    if (out !== undefined && !out.endsWith('.onnx')) {
      throw badConfig('--out', `--out: ${out} does not end in .onnx`, 'Name a file that does.');
    }
    const { layout, parameters, scalar, hash } = await loadModel('model', name, io, {
      scalar: true,
    });
    if (scalar && layout.tokenHead) throw twoHeads();
    const { read } = modelSource('model', name, io);
    const tokenizerJson = await read('tokenizer.json');
    const configJson = await read('config.json');
    const tokenizerConfig = await read('tokenizer_config.json');
    const options = { sourceHash: hash, version: BUILD };
    const files = onnxFolder(
      {
        ...{ layout, parameters, scalar },
        // It says that the model has one label, and how its reward is read.
        ...(scalar && configJson && { configJson }),
        ...(tokenizerJson && { tokenizerJson }),
        ...(tokenizerConfig && { tokenizerConfig }),
      },
      options,
    );
    const file = files.get('onnx/model.onnx') as Uint8Array;
    if (out !== undefined) writeWhole('out', resolve(io.cwd, out), file);
    if (folder !== undefined) {
      for (const [path, content] of files) {
        writeWhole('folder', resolve(io.cwd, folder, path), content);
      }
    }
    const { opset, graph } = onnxModel({ layout, parameters, scalar }, options);
    return {
      result: {
        model_hash: hash,
        bytes: file.length,
        sha256: await sha256Hex(file),
        opset,
        inputs: described(graph.inputs),
        outputs: described(graph.outputs),
        ...(out !== undefined && { out: resolve(io.cwd, out) }),
        ...(folder !== undefined && {
          folder: resolve(io.cwd, folder),
          files: [...files.keys()],
        }),
      },
    };
  },
});
