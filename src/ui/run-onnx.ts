/** A run's model as an .onnx file. Loaded when it is asked for: the page does without an exporter until then. */
import { BUILD } from '../build.ts';
import { onnxOfFiles } from '../receiver/onnx/export-files.ts';
import type { Lab } from './lab.ts';
import { trainedFolder } from './own-policies/policy-files.ts';
import type { RunData } from './store/runs.ts';

/** @throws Cancelled where the run was reset meanwhile; BadFile where its policy's config.json cannot be fetched */
export async function runOnnx(
  lab: Lab,
  { id, experiment }: Pick<RunData, 'id' | 'experiment'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const weights = await lab.exportModel(id);
  return onnxOfFiles(new Map(await trainedFolder(experiment.policy, weights)), BUILD);
}
