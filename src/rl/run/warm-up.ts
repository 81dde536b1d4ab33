/** What can be compiled for a run before anybody starts it. */
import type { Gpu } from '../../gpu/gpu.ts';
import { recordedAsFavourites } from '../../kernels/tune.ts';
import { packBatch } from '../../model/batch.ts';
import { Generator } from '../../model/generate.ts';
import { Learner } from '../../model/learner.ts';
import type { ParameterLayout } from '../../model/parameters.ts';
import type { Experiment } from '../experiment/schema.ts';
import { samplingOf } from '../learn/sample.ts';
import { methodOf } from '../methods/index.ts';
import { learnerOptions, TOKEN_BUCKET } from './room.ts';

/** Positions of the small policy here, which never runs. */
const POSITIONS = 2;

/**
 * Starts to compile the kernels of an experiment's first step, those of generation first. It records the step on buffers of the smallest
 * size and frees them once everything is compiled. Where the device is still being tuned, the variants that will most likely be chosen
 * are compiled. The device keeps the pipelines, so a trainer that comes later finds them ready or on their way.
 * @returns once everything is requested; `compiled` resolves when everything is compiled, and rejects with ShaderError
 * @throws OutOfMemory
 */
export async function warmUp(
  gpu: Gpu,
  { method }: Experiment,
  layout: ParameterLayout,
): Promise<{ readonly compiled: Promise<void> }> {
  const size = { tokens: TOKEN_BUCKET, positions: POSITIONS };
  const { policy: need } = methodOf(method).needs;
  const policy = await Learner.create(gpu, layout, learnerOptions(method, need, size, 1));
  const generator = await Generator.create(gpu, layout, policy.parameters, policy.rope, {
    ...{ sequences: 1, promptTokens: POSITIONS, positions: POSITIONS, budget: 1 },
    fp16: method.fp16,
  });
  const probe = packBatch([{ prompt: [0], completion: [0] }], TOKEN_BUCKET);
  const asked = recordedAsFavourites(gpu, () => [
    generator.prepare(samplingOf(method)),
    policy.prepare(probe),
  ]);
  const compiled = Promise.all(asked).then(() => undefined);
  return {
    compiled: compiled.finally(() => {
      generator.destroy();
      policy.destroy();
    }),
  };
}
