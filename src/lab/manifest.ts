/** The manifest of a run: it identifies the run and the machine that it ran on. */
import { BUILD } from '../build.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { experimentHash } from '../rl/experiment/canonical.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { BatchPlan } from '../rl/learn/pack.ts';
import type { Manifest, MemoryPlan } from '../rl/records.ts';

/** The numbers of a run's plan that change bits, under the names that a manifest uses. */
export function planNumbers(plan: BatchPlan): Readonly<Record<string, number>> {
  return { micro_batch_tokens: plan.microBatchTokens, token_bucket: plan.tokenBucket };
}

/** The browser with its version, as it names itself; empty outside of one. */
const browser = () => globalThis.navigator?.userAgent ?? '';

/**
 * @param plan the numbers of the run's plan that change bits
 * @param learnerHashes of the learners that folders were read for
 */
export async function createManifest(
  gpu: Gpu,
  experiment: Experiment,
  policyHash: string,
  plan: Readonly<Record<string, number>>,
  memory: MemoryPlan,
  learnerHashes: Readonly<Record<string, string>> = {},
): Promise<Manifest> {
  return {
    version: 1,
    experiment,
    experiment_hash: await experimentHash(experiment),
    build: BUILD,
    adapter: gpu.info.name,
    adapter_info: gpu.info.adapter,
    limits: gpu.info.limits,
    browser: browser(),
    features: gpu.info.features,
    // The profile applies to every kernel for which no variant was chosen.
    variants: { default: gpu.info.profile, ...Object.fromEntries([...gpu.variants].sort()) },
    ...(gpu.refused.size > 0 && { refused_variants: Object.fromEntries(gpu.refused) }),
    policy_hash: policyHash,
    ...(Object.keys(learnerHashes).length > 0 && { learner_hashes: learnerHashes }),
    plan,
    memory,
  };
}
