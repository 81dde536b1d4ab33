/** Model folders: found, read and written. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { badFile } from '../errors.ts';
import { isModelTar, unpackModel } from '../lab/model-tar.ts';
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
    'Give the folder that holds config.json and model.safetensors, a .tar that the page saved, or the id of a bundled model.',
  );
}

/** Reads files of a folder for `loadModelFolder`. */
export function folderReader(option: string, folder: string): FileReader {
  return async (file) => readOptional(option, join(folder, file));
}

/** A model that an option names, wherever its files are. */
export interface ModelSource {
  /** Path of its folder or file. */
  readonly path: string;
  readonly read: FileReader;
}

/**
 * The files of a model: of a folder, of a bundled one, or of a .tar as the page saves it.
 * @throws BatonError BadFile with the option as its field where there is none, or with what is wrong with the archive
 */
export function modelSource(option: string, name: string, io: LabIo): ModelSource {
  const path = resolve(io.cwd, name);
  if (!isModelTar({ name }) || !existsSync(path) || isFolder(path)) {
    const folder = modelFolder(option, name, io);
    return { path: folder, read: folderReader(option, folder) };
  }
  const files = unpackModel(readOptional(option, path) ?? new Uint8Array(), name);
  return { path, read: async (file) => files.get(file) ?? null };
}

/** Loads a model folder and logs its warnings. @throws BatonError BadFile */
export async function loadModel(
  option: string,
  name: string,
  io: LabIo,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const { path, read } = modelSource(option, name, io);
  const model = await loadModelFolder(read, options);
  for (const warning of model.warnings) io.log(`warning: ${warning}`);
  const { num_hidden_layers: layers, hidden_size: hidden } = model.config;
  io.log(`model: ${path}, ${layers} x ${hidden}, ${model.layout.parameters} parameters`);
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
 * An ordinary model folder, as files by name: new weights, and copies of the other files that `read` gives.
 * @returns the files, and the SHA-256 of model.safetensors
 */
export async function modelFiles(
  read: FileReader,
  layout: ParameterLayout,
  parameters: Float32Array,
): Promise<{ files: Map<string, Uint8Array | string>; hash: string }> {
  const weights = saveParameters(layout, parameters);
  const files = new Map<string, Uint8Array | string>([
    ['config.json', configText(layout.config)],
    ['model.safetensors', weights],
  ]);
  for (const name of COMPANIONS) {
    const bytes = await read(name);
    if (bytes) files.set(name, bytes);
  }
  return { files, hash: await sha256Hex(weights) };
}
