/** The second half of a step: from completions and their advantages to new parameters. */
import { microBatches, type PackedBatch, packBatch } from '../model/batch.ts';
import type { Policy } from '../model/policy.ts';
import type { Experiment } from './experiment/schema.ts';
import { prepareAggregation } from './objectives/aggregation.ts';
import { objectiveMetrics, type SequenceTotals } from './objectives/metrics.ts';
import { type PackedSequence, tokenCoefficients } from './objectives/objective.ts';
import { learningRate } from './objectives/schedule.ts';
import type { Completion } from './rewards/reward.ts';

/** How a step is cut to fit memory; part of the manifest, since sums are grouped by it. */
export interface BatchPlan {
  /** Most tokens of a micro-batch. */
  readonly microBatchTokens: number;
  /** Rows of a micro-batch are rounded up to a multiple of this. */
  readonly tokenBucket: number;
}

export interface UpdateOutcome {
  readonly metrics: Readonly<Record<string, number>>;
  /** Per completion, log-probs of its tokens under the frozen reference; null without one. */
  readonly refLogprobs: readonly (readonly number[])[] | null;
}

/** A log-prob, the loss or a gradient was not a finite number. The trainer goes back and tells people. */
export class NotFinite extends Error {}

/** A completion on its way through the batches. */
interface Item {
  readonly index: number;
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** One micro-batch, kept through all passes over the step. */
interface Part {
  readonly items: readonly Item[];
  readonly batch: PackedBatch;
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
  policy: Policy,
  experiment: Experiment,
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
  const parts = await prepareParts(policy, experiment, completions, plan);
  const totals: SequenceTotals[] = [];
  const gap = { sum: 0, max: 0, tokens: 0 };
  const rate = learningRate(step, { ...objective, max_steps: experiment.steps });
  let gradNorm = 0;
  for (let pass = 0; pass < objective.num_iterations; pass++) {
    for (const part of parts) {
      const scores = await policy.forward(part.batch);
      if (!scores.logprobs.every(Number.isFinite)) throw new NotFinite();
      if (pass === 0) compareWithSampler(part, completions, scores.logprobs, gap);
      const result = tokenCoefficients(
        {
          sequences: sequencesOf(part, completions, advantages),
          logp: scores.logprobs,
          entropy: scores.entropies,
          ...(part.old && { old: part.old }),
          ...(part.ref && { ref: part.ref }),
        },
        objective,
        part.items.map(({ index }) => weights[index]),
      );
      if (!Number.isFinite(result.loss)) throw new NotFinite();
      totals.push(...result.totals);
      if (objective.num_iterations > 1) part.old ??= scores.logprobs;
      await policy.backward(result.coefficients, result.entropyCoefficients);
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
      'sampling/sampling_logp_difference/mean': gap.tokens ? gap.sum / gap.tokens : 0,
      'sampling/sampling_logp_difference/max': gap.max,
    },
    refLogprobs: referenceByCompletion(parts, completions.length),
  };
}

/** Packs the step's completions and scores them under the reference, where the objective needs one. */
async function prepareParts(
  policy: Policy,
  { objective }: Experiment,
  completions: readonly Completion[],
  plan: BatchPlan,
): Promise<Part[]> {
  const items = completions.map(
    (c, index): Item => ({ index, prompt: c.promptIds, completion: c.completionIds }),
  );
  const parts: Part[] = [];
  for (const micro of microBatches(items, plan.microBatchTokens)) {
    const batch = packBatch(micro, plan.tokenBucket);
    const ref = objective.beta === 0 ? null : (await policy.forward(batch, 'reference')).logprobs;
    parts.push({ items: micro, batch, ref, old: null });
  }
  return parts;
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

/** How far the trainer's log-probs are from those kept when sampling: the two must be the same model. */
function compareWithSampler(
  part: Part,
  completions: readonly Completion[],
  logprobs: Float32Array,
  gap: { sum: number; max: number; tokens: number },
): void {
  part.items.forEach(({ index }, i) => {
    const { start, length } = part.batch.completions[i];
    for (let t = 0; t < length; t++) {
      const difference = Math.abs(logprobs[start + t] - completions[index].logprobs[t]);
      gap.sum += difference;
      gap.max = Math.max(gap.max, difference);
    }
    gap.tokens += length;
  });
}

function referenceByCompletion(
  parts: readonly Part[],
  count: number,
): (readonly number[])[] | null {
  if (parts.some((part) => part.ref === null)) return null;
  const rows: (readonly number[])[] = Array.from({ length: count }, () => []);
  for (const { items, batch, ref } of parts) {
    items.forEach(({ index }, i) => {
      const { start, length } = batch.completions[i];
      rows[index] = Array.from(ref?.subarray(start, start + length) ?? []);
    });
  }
  return rows;
}
