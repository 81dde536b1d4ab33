/** A person's own model: what must lie beside one another, said before anything is read. */
import { badFile } from '../errors.ts';
import { BESIDE } from '../receiver/own.ts';
import type { ModelChoice } from './microscope/models.ts';

export function isOnnx(file: { readonly name: string }): boolean {
  return file.name.toLowerCase().endsWith('.onnx');
}

/**
 * The model of some chosen or dropped files: one .onnx with its tokenizer.json, and where there are any tokenizer_config.json
 * and config.json. Whether they are what their names say is found out when the model is opened, in its worker.
 * @throws BadFile naming what is missing or too much
 */
export function ownModel(files: readonly File[]): ModelChoice {
  const [model, second] = files.filter(isOnnx);
  if (!model) {
    throw badFile(
      'model.onnx',
      files.length === 0 ? 'No file was chosen' : `${files[0].name} is no .onnx file`,
      'Nothing was loaded. Choose a decoder (.onnx) and its tokenizer.json together.',
    );
  }
  if (second) {
    throw badFile(
      second.name,
      `${model.name} and ${second.name} are two models`,
      'Nothing was loaded. Choose one of them, with its tokenizer.json.',
    );
  }
  const beside = files.filter(({ name }) => BESIDE.includes(name));
  if (!beside.some(({ name }) => name === 'tokenizer.json')) {
    throw badFile(
      'tokenizer.json',
      `${model.name} came without a tokenizer.json`,
      'Nothing was loaded. A receiver reads and writes text: choose both files together.',
    );
  }
  return {
    ref: { kind: 'own', key: keyOf(model, beside), model, beside },
    name: model.name.replace(/\.onnx$/i, ''),
    note: 'your own',
  };
}

const NEEDED = ['config.json', 'tokenizer.json'] as const;

/**
 * The reward model of some chosen files: its weights (.safetensors), config.json and tokenizer.json, as `lab train` leaves them in `reward-model/`.
 * @throws BadFile naming what is missing or too much
 */
export function ownReward(files: readonly File[]): ModelChoice {
  const remedy =
    'Nothing was loaded. Choose the files of a reward model together: model.safetensors, config.json and tokenizer.json.';
  const [model, second] = files.filter(({ name }) => name.toLowerCase().endsWith('.safetensors'));
  if (!model) throw badFile('model.safetensors', 'There is no .safetensors among them', remedy);
  if (second) throw badFile(second.name, `${model.name} and ${second.name} are two models`, remedy);
  const beside = files.filter(({ name }) => BESIDE.includes(name));
  const missing = NEEDED.find((needed) => !beside.some(({ name }) => name === needed));
  if (missing) throw badFile(missing, `${model.name} came without a ${missing}`, remedy);
  // Reward models of one architecture have the same size, so the time of the file tells them apart.
  const key = `${keyOf(model, beside)}/${model.lastModified}`;
  return {
    ref: { kind: 'own', key, model, beside },
    name:
      model.name === 'model.safetensors' ? 'your own' : model.name.replace(/\.safetensors$/i, ''),
    note: '',
  };
}

/** The same file again is the same model: what it finishes is drawn from the same random numbers. */
function keyOf(model: File, beside: readonly File[]): string {
  const sizes = [model, ...beside].map(({ size }) => size).join('-');
  return `own/${model.name}/${sizes}`;
}
