/** What can be done for a run before anybody asks for it. */
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

/** Positions of a policy that is never run. */
const POSITIONS = 2;

/**
 * Asks for the kernels of an experiment's first step, those of generation first, by recording it on buffers of the smallest size,
 * which are given back once all is compiled. The device may still be at its gates: what they will most likely let through is
 * compiled. The device keeps the pipelines; the trainer that comes later asks for them again and finds them there, or on their way.
 * @returns when all is asked for; `compiled` resolves when all is there, and rejects with ShaderError
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
