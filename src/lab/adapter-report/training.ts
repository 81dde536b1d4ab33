/** Steps of a small training run, hashed as the lab hashes any run, with the gate in the run's own buffers around them. */
import type { Profile } from '../../gpu/adapter.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { type LoadedModel, sha256Hex } from '../../model/load.ts';
import { type Experiment, parseExperiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import type { InPlaceCheck } from '../../rl/run/in-place.ts';
import { Runner } from '../../rl/run/runner.ts';
import { chainHash } from '../../rl/step-metrics.ts';
import { RUN_STEPS } from './coverage.ts';
import type { InPlace, Steps } from './schema.ts';
import { finite, inWords, type Stage } from './stage.ts';

/** The same on every adapter and in every build, so that hashes can be compared. */
const SETTINGS = {
  version: 1,
  seed: 1,
  steps: RUN_STEPS,
  task: { id: 'countdown', form: 'small' },
  policy: 'policies/countdown-nano',
  method: { name: 'grpo', num_generations: 8, prompts_per_step: 4, max_completion_length: 48 },
  rewards: [
    { term: 'answer', weight: 1 },
    { term: 'format', weight: 0.1 },
  ],
  evaluation: { every: 0 },
};

/** @throws RangeError where the settings are none of this build */
export function reportExperiment(): Experiment {
  const parsed = parseExperiment(SETTINGS);
  if (parsed.ok) return parsed.experiment;
  throw new RangeError(parsed.problems.map(({ message }) => message).join('; '));
}

/** Steps up to which the rows' hash is kept, so that runs that were cut short can be compared too. */
const HASHED: readonly number[] = [1, 5, 10, 20];

export interface TrainingOptions {
  readonly family?: Profile;
  /** Steps to do. */
  readonly of: number;
  /** Sets the kernels' variants on the device; the family's plain ones otherwise. */
  readonly prepare?: (gpu: Gpu) => void;
  readonly tell: (steps: Steps) => void;
}

/** Does steps until all are done or the stage is over. What fails is in `error`. */
export async function trainSteps(
  stage: Stage,
  model: LoadedModel,
  { family, of, prepare, tell }: TrainingOptions,
): Promise<Steps> {
  const began = stage.clock();
  let found: Steps = {
    ...{ done: 0, of, seconds: 0, hashes: {}, weights: null, reward: null },
    ...{ inPlace: [], error: null },
  };
  let runner: Runner | null = null;
  try {
    const gpu = await stage.gpu(family);
    prepare?.(gpu);
    runner = await Runner.create(gpu, reportExperiment(), model, { clock: stage.clock });
    await runner.prepare();
    found = { ...found, inPlace: [asRow(await runner.checkInPlace())] };
    tell(found);
    let hash = '';
    while (found.done < of && !stage.over) {
      const { metrics } = await runner.next();
      hash = await chainHash(hash, metrics);
      found = withStep(found, metrics, hash, stage.clock() - began);
      tell(found);
    }
    // Without a step the policy is the one that was checked before.
    if (found.done === 0) return found;
    const weights = await runner.parameters();
    const inPlace = [...found.inPlace, asRow(await runner.checkInPlace())];
    found = { ...found, weights: await sha256Hex(new Uint8Array(weights.buffer)), inPlace };
  } catch (error) {
    found = { ...found, error: inWords(error) };
  } finally {
    runner?.destroy();
  }
  tell(found);
  return found;
}

function withStep(found: Steps, metrics: MetricsRow, hash: string, ms: number): Steps {
  const done = found.done + 1;
  return {
    ...found,
    done,
    seconds: Math.round(ms) / 1000,
    hashes: HASHED.includes(done) ? { ...found.hashes, [done]: hash } : found.hashes,
    reward: finite(Number(metrics.reward)),
  };
}

function asRow({ passed, logprobs, gradients }: InPlaceCheck): InPlace {
  return {
    passed,
    logprobs: { ...logprobs, error: finite(logprobs.error) },
    gradients: { ...gradients, error: finite(gradients.error) },
  };
}
