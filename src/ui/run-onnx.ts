/** A run's model as an .onnx file. Loaded when it is asked for: the page does without an exporter until then. */
import { BUILD } from '../build.ts';
import { badFile } from '../errors.ts';
import { onnxOfFiles } from '../receiver/onnx/export-files.ts';
import type { Lab } from './lab.ts';
import type { RunData } from './store/runs.ts';

/** @throws Cancelled where the run was reset meanwhile; BadFile where its policy's config.json cannot be fetched */
export async function runOnnx(
  lab: Lab,
  { id, experiment }: Pick<RunData, 'id' | 'experiment'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = experiment.policy;
  const weights = await lab.exportModel(id);
  const response = await fetch(new URL(`models/${folder}/config.json`, document.baseURI));
  if (!response.ok) {
    throw badFile(
      'config.json',
      `${folder}/config.json could not be fetched (${response.status})`,
      'No file was written. Save the model as safetensors, and reload the page afterwards.',
    );
  }
  const files = new Map([
    ['config.json', new Uint8Array(await response.arrayBuffer())],
    ['model.safetensors', new Uint8Array(weights)],
  ]);
  return onnxOfFiles(files, BUILD);
}
