/** Decoders that a person brings: how they are called, and what is refused before a byte of them is read. */
import { badFile } from '../errors.ts';
import { ONNX_LIMITS } from './inspect-onnx.ts';
import { JSON_BYTES } from './model-files.ts';
import type { WorkerSource } from './protocol.ts';

const FOLDER = 'own/';

/** What may lie beside a decoder, by name; tokenizer.json must. */
export const BESIDE: readonly string[] = ['tokenizer.json', 'tokenizer_config.json', 'config.json'];

/** Whether an id names a person's own decoder. Those run on an ONNX runtime, whatever the others run on. */
export function isOwn(id: string): boolean {
  return id.startsWith(FOLDER);
}

/** The id of a file's decoder in lists of receivers: `own/my-model` for `My model.onnx`. */
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

/** @throws BadFile where a file is too large to be looked at */
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
 * What a worker opens, from the files that a person chose. The model itself is read where it is opened and nowhere else.
 * @throws BadFile where one is too large, or can no longer be read
 */
export async function ownSource(
  id: string,
  model: File,
  beside: readonly File[],
): Promise<WorkerSource> {
  refuseHuge(model.name, model.size);
  const files = new Map<string, Uint8Array>();
  for (const file of beside) {
    refuseHuge(file.name, file.size, JSON_BYTES);
    try {
      files.set(file.name, new Uint8Array(await file.arrayBuffer()));
    } catch {
      throw badFile(file.name, `${file.name} can no longer be read`);
    }
  }
  return { kind: 'onnx', id, file: model, files };
}
