/** `bundle`: a run's folder as one file, to send and to verify. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeBundle, openBundle, RECORDS } from '../../lab/bundle/bundle.ts';
import { thinSamples } from '../../lab/bundle/thin.ts';
import { defineCommand } from '../command.ts';
import { readOptional, writeWhole } from '../files.ts';
import { badOption, flag, number, required } from '../options.ts';
import { RunFolder } from '../run-folder.ts';

/** The files of a run that go into its bundle, by name. */
function runFiles(
  folder: string,
  { model, samples }: { readonly model: boolean; readonly samples: number | undefined },
): Map<string, Uint8Array> {
  const names: string[] = [...RECORDS];
  const trained = join(folder, 'model');
  if (model && existsSync(trained)) {
    names.push(
      ...readdirSync(trained)
        .sort()
        .map((name) => `model/${name}`),
    );
  }
  const files = new Map<string, Uint8Array>();
  for (const name of names) {
    const bytes = readOptional('run', join(folder, name));
    if (bytes) files.set(name, name === SAMPLES && samples ? thinned(bytes, samples) : bytes);
  }
  return files;
}

const SAMPLES = 'samples.jsonl';

function thinned(bytes: Uint8Array, most: number): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split('\n').filter(Boolean);
  return new TextEncoder().encode(
    thinSamples(lines, most)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

export const bundle = defineCommand({
  summary: 'Packs the folder of a run into one file.',
  details: [
    'The file is a gzip-compressed tar of the manifest with the experiment, the metrics with the evaluations, the timings, the samples and, unless',
    '--no-model is given, the trained model. Equal runs give equal bundles but for their timings. `verify` runs a bundle again.',
  ],
  options: {
    run: required(
      'RUN_FOLDER',
      'The folder that `train` wrote. A run that was stopped may be packed too.',
    ),
    out: required('F', 'The file to write, such as run.tar.gz.'),
    'no-model': flag('Leaves the trained model out.'),
    samples: number(
      'Keeps the samples of this many steps, evenly over the run. Default: all that it has.',
      undefined,
      { min: 2, max: 100_000 },
    ),
  },
  argument: 'run',
  run: async (values, io) => {
    const path = resolve(io.cwd, values.run);
    const folder = new RunFolder(path);
    // A run that goes on writes its files meanwhile.
    using _lock = folder.lock(false);
    const files = runFiles(path, { model: !values['no-model'], samples: values.samples });
    if (!files.has('manifest.json')) {
      throw badOption('run', `${path} holds no run: there is no manifest.json`);
    }
    const bytes = await makeBundle(files);
    const out = resolve(io.cwd, values.out);
    writeWhole('out', out, bytes);
    const { experiment, metrics, hash, model } = await openBundle(bytes);
    return {
      result: {
        ...{ out, bytes: bytes.length, rows: metrics.length, steps: experiment.steps, hash },
        model: model !== null,
      },
    };
  },
});
