/** `verify`: runs a bundle again, and says which of its rows come out the same. */
import { resolve } from 'node:path';
import { BUILD } from '../../build.ts';
import { type Bundle, openBundle } from '../../lab/bundle/bundle.ts';
import { RowComparer } from '../../lab/bundle/compare.ts';
import { type LoadedModel, sha256Hex } from '../../model/load.ts';
import { saveParameters } from '../../model/weights.ts';
import type { Manifest } from '../../rl/records.ts';
import type { Runner } from '../../rl/run/runner.ts';
import { defineCommand, type LabIo, throwIfInterrupted } from '../command.ts';
import { DEVICE_OPTIONS } from '../device.ts';
import { readOptional } from '../files.ts';
import { loadModel } from '../models.ts';
import { withRun } from '../open-run.ts';
import { badOption, optional, required } from '../options.ts';
import { OWN_OPTION } from '../receivers.ts';

/** Does the run's steps as long as there are rows to compare, and hands over the rows. */
async function repeat(runner: Runner, bundle: Bundle, io: LabIo): Promise<RowComparer> {
  const comparer = new RowComparer();
  for (const recorded of bundle.metrics) {
    throwIfInterrupted(io, 'Nothing was changed. The rows before were compared; nothing is kept.');
    const first = runner.step === 0 && recorded.step === 0;
    const result = first ? await runner.baseline() : await runner.next();
    const here = result?.metrics ?? { step: recorded.step };
    const equal = comparer.add(recorded, here);
    const { rows, equal_rows: same } = comparer.result;
    io.log(
      `row ${rows} of ${bundle.metrics.length}: ${equal ? 'equal' : 'differs'}, ${same} equal so far`,
    );
  }
  return comparer;
}

/** @throws BatonError BadConfig where a further model of the run has other weights here */
function requireLearners({ learnerHashes }: Runner, { learner_hashes: recorded = {} }: Manifest) {
  for (const [name, hash] of Object.entries(recorded)) {
    if (learnerHashes[name] === hash) continue;
    throw badOption(
      'bundle',
      `began with other weights of ${name} than there are here`,
      'Nothing was run. The experiment names the folder that they were in.',
    );
  }
}

/** Whether the trained model is the bundle's; undefined where it has none, or its run had more steps than rows. */
async function sameModel(
  runner: Runner,
  { model }: Bundle,
  { layout }: LoadedModel,
): Promise<boolean | undefined> {
  const weights = model?.get('model.safetensors');
  if (!weights || !runner.finished) return undefined;
  const here = saveParameters(layout, await runner.parameters());
  return (await sha256Hex(weights)) === (await sha256Hex(here));
}

export const verify = defineCommand({
  summary: 'Runs a bundle again and compares every row.',
  details: [
    'Exit status 0 where every row, and the trained model where the bundle has it, is equal; 1 where not: `first_difference` is then the first',
    'number that differs. On another adapter or with another build numbers may differ; `same_adapter` and `same_build` say which it is.',
  ],
  options: {
    bundle: required('F', 'The bundle, as `bundle` or the page wrote it.'),
    model: optional('DIR', 'The weights that the run began with, where they are not bundled.'),
    ...OWN_OPTION,
    ...DEVICE_OPTIONS,
  },
  argument: 'bundle',
  run: async (values, io) => {
    const path = resolve(io.cwd, values.bundle);
    const bytes = readOptional('bundle', path);
    if (!bytes) throw badOption('bundle', `: there is no file ${path}`);
    const bundle = await openBundle(bytes);
    const { experiment, manifest } = bundle;
    const option = values.model === undefined ? 'bundle' : 'model';
    const model = await loadModel(option, values.model ?? experiment.policy, io);
    if (model.hash !== manifest.policy_hash) {
      throw badOption(
        option,
        `began from other weights than ${values.model ?? experiment.policy} has here`,
        'Nothing was run. Name the folder of the weights that it began with: --model DIR.',
      );
    }
    const { micro_batch_tokens: microBatchTokens } = manifest.plan;
    const asked = {
      ...{ experiment, model, option: 'bundle', microBatchTokens },
      ...{ device: { ...values, recorded: manifest.variants }, ownFile: values['own-receiver'] },
    };
    return await withRun(asked, io, async (runner, gpu) => {
      requireLearners(runner, manifest);
      const compared = (await repeat(runner, bundle, io)).result;
      const modelEqual = await sameModel(runner, bundle, model);
      const equal = compared.rows === compared.equal_rows && modelEqual !== false;
      return {
        result: {
          equal,
          ...compared,
          ...(modelEqual !== undefined && { model_equal: modelEqual }),
          hash: bundle.hash,
          ...{ same_build: manifest.build === BUILD, build: manifest.build, here: BUILD },
          same_adapter: manifest.adapter === gpu.info.name,
          adapter: manifest.adapter,
          ...(manifest.changed_kernels && { changed_kernels: manifest.changed_kernels }),
        },
        ...(!equal && { status: 1 }),
      };
    });
  },
});
