/** Examples on their way to the GPU: cut into micro-batches that fit, and packed. */
import { microBatches, type PackedBatch, packBatch } from '../../model/batch.ts';
import type { Example } from './example.ts';

/** How a step is cut to fit memory; part of the manifest, since sums are grouped by it. */
export interface BatchPlan {
  /** Most tokens of a micro-batch. */
  readonly microBatchTokens: number;
  /** Rows of a micro-batch are rounded up to a multiple of this. */
  readonly tokenBucket: number;
}

/** One micro-batch. */
export interface Part {
  /** Its examples, by their place in the list that was packed. */
  readonly indices: readonly number[];
  readonly batch: PackedBatch;
}

/** Packs the examples of the given places, in that order; a pair stays together. */
export function packExamples(
  examples: readonly Example[],
  indices: readonly number[],
  plan: BatchPlan,
): Part[] {
  const units = unitsOf(examples, indices);
  const length = (unit: readonly number[]) =>
    unit.reduce((sum, i) => sum + examples[i].prompt.length + examples[i].completion.length, 0);
  return microBatches(units, plan.microBatchTokens, length).map((part) => {
    const own = part.flat();
    return {
      indices: own,
      batch: packBatch(
        own.map((i) => examples[i]),
        plan.tokenBucket,
      ),
    };
  });
}

/** What is never split: an example alone, or the examples of a pair, which stand side by side. */
export function unitsOf(examples: readonly Example[], indices: readonly number[]): number[][] {
  const units: number[][] = [];
  let last: number | undefined;
  for (const i of indices) {
    const { pair } = examples[i];
    if (pair !== undefined && pair === last) units.at(-1)?.push(i);
    else units.push([i]);
    last = pair;
  }
  return units;
}

/** Takes numbers that lie flat in a part's order apart, one list per example, into `rows` by the examples' places. */
export function unpack(part: Part, values: Float32Array, rows: Float32Array[]): void {
  part.indices.forEach((index, i) => {
    const { start, length } = part.batch.completions[i];
    rows[index] = values.slice(start, start + length);
  });
}
