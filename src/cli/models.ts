/** Model folders: found, read and written. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badFile } from '../errors.ts';
import { type ModelConfig, modelConfigJson } from '../model/config.ts';
import {
  type FileReader,
  type LoadedModel,
  type LoadOptions,
  loadModelFolder,
  sha256Hex,
} from '../model/load.ts';
import type { ParameterLayout } from '../model/parameters.ts';
import { saveParameters } from '../model/weights.ts';
import type { LabIo } from './command.ts';
import { readOptional } from './files.ts';

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/**
 * The folder of a model: a path, or the id of a bundled one such as `policies/countdown-nano`.
 * @throws BatonError BadFile with the option as its field.
 */
export function modelFolder(option: string, name: string, io: LabIo): string {
  const path = resolve(io.cwd, name);
  if (isFolder(path)) return path;
  const bundled = join(io.root, 'public/models', name);
  if (/^[a-z-]+\/[a-z0-9][a-z0-9-]*$/.test(name) && isFolder(bundled)) return bundled;
  throw badFile(
    `--${option}`,
    `--${option}: there is no model folder ${path}, and no bundled model ${name}`,
    'Give the folder that holds config.json and model.safetensors, or the id of a bundled model.',
  );
}

/** Reads files of a folder for `loadModelFolder`. */
export function folderReader(option: string, folder: string): FileReader {
  return async (file) => readOptional(option, join(folder, file));
}

/** Loads a model folder and logs its warnings. @throws BatonError BadFile */
export async function loadModel(
  option: string,
  name: string,
  io: LabIo,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const folder = modelFolder(option, name, io);
  const model = await loadModelFolder(folderReader(option, folder), options);
  for (const warning of model.warnings) io.log(`warning: ${warning}`);
  const { num_hidden_layers: layers, hidden_size: hidden } = model.config;
  io.log(`model: ${folder}, ${layers} x ${hidden}, ${model.layout.parameters} parameters`);
  return model;
}

/** Help text for the commands that take models with a scalar head. */
export const SCALAR_HEAD = [
  'A model may have a scalar head: one number per token, read at the token itself. Its safetensors then have score.weight',
  '[1, hidden_size] and optionally score.bias [1], as in LlamaForTokenClassification or Qwen2ForTokenClassification with one label.',
  'With one of these classes in "architectures" it has no other head; with LlamaForCausalLM or Qwen2ForCausalLM it predicts tokens',
  'too. Without "architectures" it predicts tokens if the embeddings are tied or there is an lm_head.weight.',
];

/** Files that belong to a model, whatever its weights are. */
const COMPANIONS = ['tokenizer.json', 'tokenizer_config.json', 'generation_config.json'];

/** The text of a model's config.json. */
export function configText(config: ModelConfig): string {
  return `${JSON.stringify(modelConfigJson(config), null, 2)}\n`;
}

/**
 * An ordinary model folder, as files by name: new weights, and copies of the other files in `source`.
 * @returns the files, and the SHA-256 of model.safetensors
 */
export async function modelFiles(
  source: string,
  layout: ParameterLayout,
  parameters: Float32Array,
): Promise<{ files: Map<string, Uint8Array | string>; hash: string }> {
  const weights = saveParameters(layout, parameters);
  const files = new Map<string, Uint8Array | string>([
    ['config.json', configText(layout.config)],
    ['model.safetensors', weights],
  ]);
  for (const name of COMPANIONS) {
    const bytes = readOptional('model', join(source, name));
    if (bytes) files.set(name, bytes);
  }
  return { files, hash: await sha256Hex(weights) };
}
