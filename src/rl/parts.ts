/** A step's completions on their way through the passes: packed into micro-batches, scored, compared with the sampler. */
import { microBatches, type PackedBatch, packBatch } from '../model/batch.ts';
import type { Policy } from '../model/policy.ts';
import type { Completion } from './rewards/reward.ts';
import type { TokenRows } from './token-numbers.ts';

/** How a step is cut to fit memory; part of the manifest, since sums are grouped by it. */
export interface BatchPlan {
  /** Most tokens of a micro-batch. */
  readonly microBatchTokens: number;
  /** Rows of a micro-batch are rounded up to a multiple of this. */
  readonly tokenBucket: number;
}

export interface UpdateOutcome {
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Per completion, log-probs of its tokens under the frozen reference; null without one. */
  readonly refLogprobs: readonly (readonly number[])[] | null;
  /** More numbers of single tokens that the update made, for people to see. */
  readonly perToken?: TokenRows;
  /** Per completion, the mean of its tokens' advantages, where the update made them; absent where they were given. */
  readonly advantages?: ArrayLike<number>;
}

/** A log-prob, the loss or a gradient was not a finite number. The trainer goes back and tells people. */
export class NotFinite extends Error {}

/** A completion on its way through the batches. */
export interface Item {
  readonly index: number;
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** One micro-batch. */
export interface Part {
  readonly items: readonly Item[];
  readonly batch: PackedBatch;
}

/** Packs the completions of the given indices, in that order. */
export function packParts(
  completions: readonly Completion[],
  indices: readonly number[],
  plan: BatchPlan,
): Part[] {
  const items = indices.map((index): Item => {
    const { promptIds, completionIds } = completions[index];
    return { index, prompt: promptIds, completion: completionIds };
  });
  return microBatches(items, plan.microBatchTokens).map((micro) => ({
    items: micro,
    batch: packBatch(micro, plan.tokenBucket),
  }));
}

/** Scores a part under the frozen reference. */
export async function referenceLogprobs(policy: Policy, { batch }: Part): Promise<Float32Array> {
  return (await policy.forward(batch, 'reference')).logprobs;
}

/** How far the trainer's log-probs are from those kept when sampling, over the tokens of a step. */
export class SamplerGap {
  #sum = 0;
  #max = 0;
  #tokens = 0;

  /** The two must be the same model. @param logprobs of the part's tokens, as the trainer computes them */
  compare(part: Part, completions: readonly Completion[], logprobs: Float32Array): void {
    part.items.forEach(({ index }, i) => {
      const { start, length } = part.batch.completions[i];
      for (let t = 0; t < length; t++) {
        const difference = Math.abs(logprobs[start + t] - completions[index].logprobs[t]);
        this.#sum += difference;
        this.#max = Math.max(this.#max, difference);
      }
      this.#tokens += length;
    });
  }

  metrics(): Record<string, number> {
    return {
      'sampling/sampling_logp_difference/mean': this.#tokens ? this.#sum / this.#tokens : 0,
      'sampling/sampling_logp_difference/max': this.#max,
    };
  }
}

/** Takes a list of token numbers apart into one list per completion, by the completions' indices. */
export function byCompletion(
  parts: readonly { readonly part: Part; readonly values: Float32Array }[],
  count: number,
): Float32Array[] {
  const rows = Array.from({ length: count }, () => new Float32Array());
  for (const { part, values } of parts) {
    part.items.forEach(({ index }, i) => {
      const { start, length } = part.batch.completions[i];
      rows[index] = values.slice(start, start + length);
    });
  }
  return rows;
}
