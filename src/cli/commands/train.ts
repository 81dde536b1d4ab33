/** `train`: a whole run of an experiment, saved in a folder. It can be interrupted at any time and resumed. */
import { resolve } from 'node:path';
import { BUILD } from '../../build.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Checkpoint } from '../../lab/checkpoint.ts';
import { createManifest, planNumbers } from '../../lab/manifest.ts';
import type { FileReader, LoadedModel } from '../../model/load.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { needsOf } from '../../rl/run/needs.ts';
import type { Runner, StepResult } from '../../rl/run/runner.ts';
import { learnerFiles } from '../../rl/run/state.ts';
import { chainHash } from '../../rl/step-metrics.ts';
import type { LabIo, Outcome } from '../command.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS } from '../device.ts';
import { readExperiment } from '../experiments.ts';
import { heldLine, plannedLine } from '../memory-lines.ts';
import { loadModel, modelFiles, modelSource } from '../models.ts';
import { modelsOf, withRun } from '../open-run.ts';
import { flag, number, optional, required } from '../options.ts';
import { OWN_OPTION } from '../receivers.ts';
import { rewardFiles } from '../reward-files.ts';
import { RunFolder } from '../run-folder.ts';

/** The parts of a run. */
interface Run {
  readonly gpu: Gpu;
  readonly runner: Runner;
  readonly folder: RunFolder;
  readonly policyHash: string;
}

async function save({ gpu, runner, folder, policyHash }: Run): Promise<void> {
  const { step, num_tokens, files } = await runner.state();
  await folder.save({
    step,
    experiment: runner.experiment,
    build: BUILD,
    adapter: gpu.info.name,
    policyHash,
    files,
    notes: { num_tokens },
  });
}

/** Resumes the run from its checkpoint, or starts it. */
async function begin(run: Run, checkpoint: Checkpoint | null, io: LabIo): Promise<void> {
  const { gpu, runner, folder } = run;
  if (checkpoint) {
    const { step, files, notes, build, adapter } = checkpoint;
    if (build !== BUILD || adapter !== gpu.info.name) {
      io.log(
        `warning: the checkpoint is of build ${build} on ${adapter}, this is ${BUILD} on ${gpu.info.name}: the numbers will differ from those of an uninterrupted run`,
      );
    }
    await runner.restore({ step, num_tokens: notes?.num_tokens ?? 0, files });
    folder.cutBack(checkpoint);
    io.log(`going on from step ${step}`);
  } else await save(run);
  const { experiment, plan, memory, learnerHashes } = runner;
  for (const { title, text } of methodOf(experiment.method).remarks(experiment.steps))
    io.log(`${title}. ${text}`);
  io.log(plannedLine(memory, plan.microBatchTokens));
  const described = [run.policyHash, planNumbers(plan), memory, learnerHashes] as const;
  folder.writeManifest(await createManifest(gpu, experiment, ...described));
  if (runner.step === 0) {
    const baseline = await runner.baseline();
    if (baseline) record(run, baseline, io);
  }
}

function record({ folder, runner }: Run, result: StepResult, io: LabIo): void {
  folder.append(result);
  const { metrics, timings } = result;
  const shown = ['reward', 'accuracy', 'eval/accuracy', 'completions/mean_length', 'entropy']
    .filter((name) => typeof metrics[name] === 'number')
    .map((name) => `${name} ${(metrics[name] as number).toFixed(3)}`);
  io.log(
    `step ${metrics.step} of ${runner.experiment.steps}: ${shown.join(', ')}, ${timings.step_time.toFixed(2)} s`,
  );
}

/** Does steps until the last one, or until the user interrupts. A step is always finished. */
async function steps(run: Run, every: number, io: LabIo): Promise<void> {
  const { runner, folder } = run;
  let saved = runner.step;
  try {
    while (!runner.finished && !io.interrupted.aborted) {
      record(run, await runner.next(), io);
      if (runner.step - saved >= every) {
        await save(run);
        saved = runner.step;
      }
    }
  } catch (error) {
    const step = await folder.savedStep();
    if (step !== null) {
      io.log(`the run stopped; ${folder.path} keeps the checkpoint of step ${step}`);
    }
    throw error;
  }
  if (runner.step !== saved) await save(run);
}

/** The reward models that the run trained, each in a folder of its own. @returns what the result says of them */
async function saveRewards({ gpu, runner, folder, policyHash }: Run, source: FileReader) {
  const models = await runner.rewardModels();
  const hashes: Record<string, string> = {};
  for (const model of models) {
    // Whoever interrupts does not wait for another evaluation.
    const heldOut = runner.finished ? await runner.heldOut(model.name) : null;
    const { experiment, step } = runner;
    const { files, hash } = await rewardFiles(model, source, {
      ...{ experiment, step, policyHash, heldOut },
      ...{ adapter: gpu.info.name, last: folder.metrics().at(-1) ?? null },
    });
    const name = models.length === 1 ? 'reward-model' : `reward-model-${model.name}`;
    folder.writeModel(name, files);
    hashes[name] = hash;
  }
  return models.length > 0 && { reward_model_hashes: hashes };
}

async function finish(run: Run, model: LoadedModel, source: FileReader): Promise<Outcome> {
  const { runner, folder, policyHash } = run;
  const { files, hash: modelHash } = await modelFiles(
    source,
    model.layout,
    await runner.parameters(),
  );
  folder.writeModel('model', files);
  const rewards = await saveRewards(run, source);
  const rows = folder.metrics();
  let hash = '';
  for (const row of rows) hash = await chainHash(hash, row);
  return {
    result: {
      out: folder.path,
      step: runner.step,
      finished: runner.finished,
      hash,
      policy_hash: policyHash,
      model_hash: modelHash,
      ...rewards,
      first: rows.at(0) ?? null,
      last: rows.at(-1) ?? null,
    },
    // What shells report for a program ended by Ctrl-C: a script must not take it for a complete run.
    ...(!runner.finished && { status: 130 }),
  };
}

export const train = defineCommand({
  summary: 'Trains a policy as an experiment says, and saves the run in a folder.',
  details: [
    'Writes manifest.json, metrics.jsonl, timings.jsonl, samples.jsonl, model/ and checkpoint/, and reward-model/ where the method',
    'trains a reward model. Ctrl-C ends the run after the current step (exit status 130). --resume continues from the last',
    'checkpoint, with the same bits as an uninterrupted run. The experiment may then have more steps, but must otherwise be the same.',
  ],
  options: {
    experiment: required('F.json', 'The experiment.'),
    out: required('DIR', 'The folder of the run; without --resume it must not hold a run already.'),
    resume: flag('Continues from the checkpoint in the folder.'),
    model: optional(
      'DIR',
      'Takes the initial weights from here instead of the experiment’s policy.',
    ),
    ...OWN_OPTION,
    'checkpoint-every': number('Steps between checkpoints.', 25, { min: 1, max: 100_000 }),
    memory: number(
      'MiB of GPU memory that the run may hold. Default: 2048 on a GPU, 4096 in software.',
      undefined,
      { min: 1, max: 2 ** 20 },
    ),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const experiment: Experiment = readExperiment(values.experiment, io);
    const folder = new RunFolder(resolve(io.cwd, values.out));
    const option = values.model === undefined ? 'experiment' : 'model';
    const name = values.model ?? experiment.policy;
    const model = await loadModel(option, name, io);
    using _lock = folder.lock(!values.resume);
    let checkpoint: Checkpoint | null = null;
    if (values.resume) {
      checkpoint = await folder.load({
        experiment,
        policyHash: model.hash,
        buffers: await learnerFiles(needsOf(experiment), model, modelsOf('experiment', io)),
      });
    } else folder.begin();
    // A resumed run uses the kernels that it started with.
    const recorded = checkpoint ? folder.variants() : undefined;
    // So it is cut as it was, too.
    const microBatchTokens = checkpoint ? folder.microBatchTokens() : undefined;
    const asked = {
      ...{ experiment, model, option: 'experiment', memory: values.memory, microBatchTokens },
      ...{ device: { ...values, recorded }, ownFile: values['own-receiver'] },
    };
    return await withRun(asked, io, async (runner, gpu) => {
      const run: Run = { gpu, runner, folder, policyHash: model.hash };
      await begin(run, checkpoint, io);
      await steps(run, values['checkpoint-every'], io);
      io.log(heldLine(runner.memory, gpu.peakBytes));
      return await finish(run, model, modelSource(option, name, io).read);
    });
  },
});
