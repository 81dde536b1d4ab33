/** The page's run as a bundle: the same file that `lab bundle` makes of a folder. */
import { badConfig } from '../../errors.ts';
import { makeBundle } from '../../lab/bundle/bundle.ts';
import { jsonLines } from '../export.ts';
import type { Lab } from '../lab.ts';
import type { RunData } from '../store/runs.ts';

/**
 * Its manifest, rows, times, the samples that are kept, and its model as it is now where that can be read.
 * @throws BatonError BadConfig, whose field is the setting, where one was changed while the run went: nobody could run it again
 */
export async function runBundle(lab: Lab, run: RunData): Promise<Uint8Array> {
  const { manifest, record, changes } = run;
  const [changed] = changes;
  if (changed) {
    throw badConfig(
      changed.path,
      `${changed.path} was changed at step ${changed.step} of this run, so no experiment gives its rows again`,
      'Export its metrics and samples by themselves. A run whose settings stay can be bundled.',
    );
  }
  const { rows, timings, samples } = record;
  const text = (content: string) => new TextEncoder().encode(content);
  const groups = samples.steps().flatMap((step) => samples.at(step));
  const files = new Map([
    ['manifest.json', text(`${JSON.stringify(manifest, null, 2)}\n`)],
    ['metrics.jsonl', text(jsonLines(rows))],
    ['timings.jsonl', text(timings.map((row) => `${JSON.stringify(row)}\n`).join(''))],
    ['samples.jsonl', text(jsonLines(groups))],
  ]);
  // A run that was reset or lost its device has no model to read any more.
  const model = await lab.exportModel(run.id).catch(() => null);
  if (model) files.set('model/model.safetensors', new Uint8Array(model));
  return makeBundle(files);
}
