/** What can be compiled for a run before anybody starts it. */
import type { Gpu } from '../../gpu/gpu.ts';
import { recordedAsFavourites } from '../../kernels/tune.ts';
import { packBatch } from '../../model/batch.ts';
import { Generator } from '../../model/generate.ts';
import { KeptPass } from '../../model/kept-pass.ts';
import { Learner } from '../../model/learner.ts';
import type { LoadedModel } from '../../model/load.ts';
import type { Experiment } from '../experiment/schema.ts';
import { samplingOf } from '../learn/sample.ts';
import type { LearnerNeed } from '../methods/method.ts';
import { needsOf } from './needs.ts';
import { type Models, originOf } from './origin.ts';
import { learnerOptions, TOKEN_BUCKET } from './room.ts';

/** Positions of the small policy here, which never runs. */
const POSITIONS = 2;

/**
 * Starts to compile the kernels of an experiment's first step, those of generation first, for the policy and every further learner. It
 * records the step on buffers of the smallest size and frees them once everything is compiled. Where the device is still being tuned, the
 * variants that will most likely be chosen are compiled. The device keeps the pipelines, so a trainer that comes later finds them ready or on
 * their way.
 * @param models opens the folders that further learners start from
 * @returns once everything is requested; `compiled` resolves when everything is compiled, and rejects with ShaderError
 * @throws OutOfMemory; what `models` throws
 */
export async function warmUp(
  gpu: Gpu,
  experiment: Experiment,
  model: LoadedModel,
  models?: Models,
): Promise<{ readonly compiled: Promise<void> }> {
  const { method } = experiment;
  const needs = needsOf(experiment);
  const held: { destroy(): void }[] = [];
  const free = () => {
    for (const one of held.reverse()) one.destroy();
  };
  const size = { tokens: TOKEN_BUCKET, positions: POSITIONS };
  const open = async (need: LearnerNeed, writes: boolean, snapshots: 1 | 2, keeps = false) => {
    const { layout } = await originOf(need, model, models);
    const options = learnerOptions(method, need, size, snapshots);
    const learner = await Learner.create(gpu, layout, options);
    held.push(learner);
    if (!writes) return { learner, generator: null };
    const { parameters, rope } = learner;
    const room = {
      ...{ sequences: 1, promptTokens: POSITIONS, positions: POSITIONS, budget: 1 },
      fp16: method.fp16,
    };
    const kept = keeps
      ? await KeptPass.create(gpu, layout.config, {
          generator: room,
          promptTokens: POSITIONS,
          rows: TOKEN_BUCKET,
        })
      : null;
    if (kept) {
      held.push(kept);
      learner.recallFrom(kept);
    }
    const generator = await Generator.create(
      ...([gpu, layout, parameters, rope, room, learner, kept] as const),
    );
    held.push(generator);
    return { learner, generator };
  };
  try {
    const opened = [await open(needs.policy, true, 1, gpu.info.profile === 'scalar')];
    for (const need of Object.values(needs.learners ?? {}))
      opened.push(await open(need, need.writes ?? false, 2));
    const probe = packBatch([{ prompt: [0], completion: [0] }], TOKEN_BUCKET);
    const asked = recordedAsFavourites(gpu, () => [
      ...opened.flatMap(({ generator }) => generator?.prepare(samplingOf(method)) ?? []),
      ...opened.map(({ learner }) => learner.prepare(probe)),
    ]);
    const compiled = Promise.all(asked).then(() => undefined);
    return { compiled: compiled.finally(free) };
  } catch (error) {
    free();
    throw error;
  }
}
