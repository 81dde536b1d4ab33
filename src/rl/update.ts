/** The second half of a step with GRPO and its relatives: from completions and their advantages to new parameters. */
import type { Learner } from '../model/learner.ts';
import type { Experiment, GrpoSettings } from './experiment/schema.ts';
import { prepareAggregation } from './objectives/aggregation.ts';
import { objectiveMetrics, type SequenceTotals } from './objectives/metrics.ts';
import { type PackedSequence, tokenCoefficients } from './objectives/objective.ts';
import { learningRate } from './objectives/schedule.ts';
import {
  type BatchPlan,
  byCompletion,
  NotFinite,
  type Part,
  packParts,
  referenceLogprobs,
  SamplerGap,
  type UpdateOutcome,
} from './parts.ts';
import type { Completion } from './rewards/reward.ts';

export type { BatchPlan } from './parts.ts';

/** A micro-batch, kept through all passes over the step. */
interface Kept {
  readonly part: Part;
  readonly ref: Float32Array | null;
  /** Log-probs of the first pass: the policy that sampled, computed as later passes compute theirs. */
  old: Float32Array | null;
}

/**
 * Does `num_iterations` optimiser steps on one batch of completions. In the first pass the policy is the one that sampled, so
 * its own log-probs stand for the old ones and every ratio is exactly 1.
 * @param step number of the training step, from 0
 * @param onSnapshot called when the policy's state before this step's first update has been copied, to roll back to
 * @throws NotFinite
 */
export async function updatePolicy(
  policy: Learner,
  experiment: Experiment & { readonly objective: GrpoSettings },
  completions: readonly Completion[],
  advantages: ArrayLike<number>,
  step: number,
  plan: BatchPlan,
  onSnapshot: () => void,
): Promise<UpdateOutcome> {
  const { objective } = experiment;
  const lengths = completions.map((c) => ({
    length: c.completionIds.length,
    truncated: c.truncated,
  }));
  const { weights } = prepareAggregation(lengths, objective);
  const kept = await prepare(policy, experiment, completions, plan);
  const totals: SequenceTotals[] = [];
  const gap = new SamplerGap();
  const rate = learningRate(step, { ...objective, max_steps: experiment.steps });
  let gradNorm = 0;
  for (let pass = 0; pass < objective.num_iterations; pass++) {
    for (const one of kept) {
      const { part, ref } = one;
      await policy.accumulate(part.batch, ({ logprobs, entropies }) => {
        if (!logprobs.every(Number.isFinite)) throw new NotFinite();
        if (pass === 0) gap.compare(part, completions, logprobs);
        const result = tokenCoefficients(
          {
            sequences: sequencesOf(part, completions, advantages),
            logp: logprobs,
            entropy: entropies,
            ...(one.old && { old: one.old }),
            ...(ref && { ref }),
          },
          objective,
          part.items.map(({ index }) => weights[index]),
        );
        if (!Number.isFinite(result.loss)) throw new NotFinite();
        totals.push(...result.totals);
        if (objective.num_iterations > 1) one.old ??= logprobs;
        return { logprob: result.coefficients, entropy: result.entropyCoefficients };
      });
    }
    // A later pass is part of the same step: going back means to before the step.
    if (pass === 0) {
      policy.snapshot();
      onSnapshot();
    }
    const update = await policy.update({
      learningRate: rate,
      beta1: objective.adam_beta1,
      beta2: objective.adam_beta2,
      epsilon: objective.adam_epsilon,
      weightDecay: objective.weight_decay,
      maxGradNorm: objective.max_grad_norm,
      step: step * objective.num_iterations + pass + 1,
    });
    if (!update.finite) throw new NotFinite();
    gradNorm += update.gradNorm / objective.num_iterations;
  }
  return {
    metrics: {
      ...objectiveMetrics(totals, objective, objective.num_iterations),
      grad_norm: gradNorm,
      learning_rate: rate,
      ...gap.metrics(),
    },
    refLogprobs: referenceByCompletion(kept, completions.length),
  };
}

/** Packs the step's completions and scores them under the reference, where the objective needs one. */
async function prepare(
  policy: Learner,
  { objective }: Experiment,
  completions: readonly Completion[],
  plan: BatchPlan,
): Promise<Kept[]> {
  const kept: Kept[] = [];
  for (const part of packParts(completions, [...completions.keys()], plan)) {
    const ref = objective.beta === 0 ? null : await referenceLogprobs(policy, part);
    kept.push({ part, ref, old: null });
  }
  return kept;
}

function sequencesOf(
  part: Part,
  completions: readonly Completion[],
  advantages: ArrayLike<number>,
): PackedSequence[] {
  return part.items.map(({ index }, i) => ({
    ...part.batch.completions[i],
    advantage: advantages[index],
    truncated: completions[index].truncated,
  }));
}

function referenceByCompletion(kept: readonly Kept[], count: number): (readonly number[])[] | null {
  const known = kept.flatMap(({ part, ref }) => (ref ? [{ part, values: ref }] : []));
  if (known.length < kept.length) return null;
  return byCompletion(known, count).map((row) => Array.from(row));
}
