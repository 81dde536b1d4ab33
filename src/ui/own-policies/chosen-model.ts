/** A model folder in what a person chose or dropped: one .tar, or the files of the folder together. */
import { badFile } from '../../errors.ts';
import { isModelTar, MAX_TAR_BYTES, MODEL_FILES, unpackModel } from '../../lab/model-tar.ts';

type Chosen = Pick<File, 'name'>;

const isWeights = ({ name }: Chosen) => /\.safetensors$/i.test(name);

/** Whether some files are meant as a model. */
export function isModel(files: readonly Chosen[]): boolean {
  return files.some((file) => isModelTar(file) || isWeights(file));
}

/**
 * @returns its name and its files by their names
 * @throws BatonError BadFile naming what is missing, too much or too large
 */
export async function chosenModel(
  files: readonly File[],
): Promise<{ readonly name: string; readonly files: ReadonlyMap<string, Uint8Array> }> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const models = files.filter((file) => isModelTar(file) || isWeights(file));
  const [model] = models;
  if (!model) {
    throw badFile(
      'model.safetensors',
      'There is no model among these files',
      'Nothing was opened. Choose a .tar that Baton saved, or config.json, tokenizer.json and model.safetensors together.',
    );
  }
  if (models.length > 1) {
    throw badFile(
      models[1].name,
      `${model.name} and ${models[1].name} are two models`,
      'Nothing was opened. Choose one of them.',
    );
  }
  if (bytes > MAX_TAR_BYTES) {
    throw badFile(
      model.name,
      `${model.name} has ${bytes} bytes; at most ${MAX_TAR_BYTES} are opened`,
      'Nothing was opened. Choose a smaller model.',
    );
  }
  const read = async (file: File) => {
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch {
      throw badFile(file.name, `${file.name} can no longer be read`);
    }
  };
  if (isModelTar(model)) {
    const name = model.name.replace(/\.tar$/i, '');
    return { name, files: unpackModel(await read(model), model.name) };
  }
  const found = new Map([['model.safetensors', await read(model)]]);
  for (const file of files)
    if (MODEL_FILES.includes(file.name) && !isWeights(file)) found.set(file.name, await read(file));
  if (!found.has('config.json')) {
    throw badFile(
      'config.json',
      `${model.name} came without its config.json`,
      'Nothing was opened. Choose config.json, tokenizer.json and the weights together.',
    );
  }
  return { name: model.name.replace(/\.safetensors$/i, ''), files: found };
}
