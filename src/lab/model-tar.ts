/**
 * A model folder as one file: a plain tar of one folder with config.json, model.safetensors and the tokenizer. Unpacked, it is the folder that
 * `transformers` and `lab` load. Strangers' archives are read here, so nothing in one is believed.
 */
import { createTar } from 'nanotar';
import { type BatonError, badFile } from '../errors.ts';
import { readTar, type TarEntry } from '../tar.ts';

/** The files of a model folder, by name. Others in an archive are left alone. */
export const MODEL_FILES: readonly string[] = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'model.safetensors',
];

/** Most bytes of an archive that is opened. The largest model that Baton trains is far smaller. */
export const MAX_TAR_BYTES = 2 ** 30;

export function isModelTar({ name }: { readonly name: string }): boolean {
  return /\.tar$/i.test(name);
}

/**
 * Equal files give equal bytes.
 * @param name of the folder that the archive unpacks to
 */
export function packModel(name: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const items = MODEL_FILES.flatMap((file) => {
    const data = files.get(file);
    return data ? [{ name: `${name}/${file}`, data, attrs: { mtime: 0 } }] : [];
  });
  return createTar(items);
}

/**
 * The files of a model folder, by name, wherever in the archive that one folder lies.
 * @throws BatonError BadFile for what is no tar, is cut short, or holds no model or several
 */
export function unpackModel(bytes: Uint8Array, where = 'model.tar'): Map<string, Uint8Array> {
  const bad = (why: string): BatonError =>
    badFile(
      where,
      `${where} ${why}`,
      'Nothing was loaded. Save the model again, or ask for it again.',
    );
  if (bytes.length > MAX_TAR_BYTES)
    throw bad(`has ${bytes.length} bytes; at most ${MAX_TAR_BYTES}`);
  const files = new Map<string, Uint8Array>();
  let folder: string | undefined;
  for (const entry of entriesOf(bytes, bad)) {
    const { name, type } = entry;
    const parts = name.replace(/^\.\//, '').split('/');
    const file = parts.pop() ?? '';
    if (type !== 'file' || !MODEL_FILES.includes(file)) continue;
    folder ??= parts.join('/');
    if (folder !== parts.join('/')) throw bad('holds more than one model');
    if (files.has(file)) throw bad(`holds ${file} twice`);
    files.set(file, ('data' in entry && entry.data) || new Uint8Array());
  }
  if (!files.has('model.safetensors')) throw bad('holds no model.safetensors');
  return files;
}

function entriesOf(bytes: Uint8Array, bad: (why: string) => BatonError): readonly TarEntry[] {
  try {
    return readTar(bytes);
  } catch (error) {
    throw bad(`cannot be unpacked: ${error instanceof Error ? error.message : error}`);
  }
}
