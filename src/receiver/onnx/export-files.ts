/** The .onnx file of a model, from the files of its folder. */
import { loadModelFolder } from '../../model/load.ts';
import type { ModelFiles } from '../protocol.ts';
import { exportOnnx } from './export-onnx.ts';

/**
 * @param files config.json and model.safetensors; others are not needed
 * @param version of Baton, for the file's producer
 * @throws BadFile if they are not a valid model; BadConfig if the file would be too long
 */
export async function onnxOfFiles(
  files: ModelFiles,
  version: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const { layout, parameters, hash } = await loadModelFolder(
    async (name) => files.get(name) ?? null,
  );
  return exportOnnx({ layout, parameters }, { sourceHash: hash, version });
}
