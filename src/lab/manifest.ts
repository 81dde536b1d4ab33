/** The manifest of a run: what identifies it and the machine that it ran on. */
import { BUILD } from '../build.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { experimentHash } from '../rl/experiment/canonical.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { BatchPlan } from '../rl/learn/pack.ts';
import type { Manifest } from '../rl/records.ts';

/** The free numbers of a trainer's plan that change bits, as a manifest names them. */
export function planNumbers(plan: BatchPlan): Readonly<Record<string, number>> {
  return { micro_batch_tokens: plan.microBatchTokens, token_bucket: plan.tokenBucket };
}

/** @param plan free numbers of the trainer that change bits */
export async function createManifest(
  gpu: Gpu,
  experiment: Experiment,
  policyHash: string,
  plan: Readonly<Record<string, number>>,
): Promise<Manifest> {
  return {
    version: 1,
    experiment,
    experiment_hash: await experimentHash(experiment),
    build: BUILD,
    adapter: gpu.info.name,
    features: gpu.info.features,
    // The profile stands for every kernel that has no choice of its own.
    variants: { default: gpu.info.profile, ...Object.fromEntries([...gpu.variants].sort()) },
    policy_hash: policyHash,
    plan,
  };
}
