/** The user's own decoders: how they are named, and which files are refused before a byte of them is read. */
import { badFile } from '../errors.ts';
import { ONNX_LIMITS } from './inspect-onnx.ts';
import { JSON_BYTES } from './model-files.ts';
import type { ModelFiles, WeightsSource, WorkerSource } from './protocol.ts';

const FOLDER = 'own/';

/** The files that may accompany a decoder, by name; only tokenizer.json is required. */
export const BESIDE: readonly string[] = ['tokenizer.json', 'tokenizer_config.json', 'config.json'];

/** Whether an id names the user's own decoder. These always run on an ONNX runtime. */
export function isOwn(id: string): boolean {
  return id.startsWith(FOLDER);
}

/** The id of a decoder in lists of receivers, from the name of its file: `own/my-model` for `My model.onnx`. */
export function ownId(fileName: string): string {
  const name = fileName
    .replace(/\.onnx$/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${FOLDER}${name.replace(/-+$/, '') || 'model'}`;
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** @throws BadFile if a file is too large to be read */
export function refuseHuge(
  name: string,
  bytes: number,
  most: number = ONNX_LIMITS.fileBytes,
): void {
  if (bytes <= most) return;
  throw badFile(
    name,
    `${name} has ${mebibytes(bytes)}; at most ${mebibytes(most)} fit here`,
    'Nothing was loaded. Take a smaller model.',
  );
}

/**
 * What a worker opens, from the files that the user chose. Only the worker reads the model itself.
 * @throws BadFile if a file is too large or can no longer be read
 */
export async function ownSource(
  id: string,
  model: File,
  beside: readonly File[],
): Promise<WorkerSource> {
  refuseHuge(model.name, model.size);
  return { kind: 'onnx', id, file: model, files: await smallFiles(beside) };
}

/**
 * The same of a model whose weights are a model.safetensors.
 * @throws BadFile if a file is too large or can no longer be read
 */
export async function ownWeights(
  id: string,
  weights: File,
  beside: readonly File[],
): Promise<WeightsSource> {
  refuseHuge(weights.name, weights.size);
  const files = new Map(await smallFiles(beside));
  return { kind: 'weights', id, files: files.set('model.safetensors', await bytesOf(weights)) };
}

async function smallFiles(chosen: readonly File[]): Promise<ModelFiles> {
  const files = new Map<string, Uint8Array>();
  for (const file of chosen) {
    refuseHuge(file.name, file.size, JSON_BYTES);
    files.set(file.name, await bytesOf(file));
  }
  return files;
}

async function bytesOf(file: File): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw badFile(file.name, `${file.name} can no longer be read`);
  }
}
