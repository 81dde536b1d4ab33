/** Cuts examples into micro-batches that fit the GPU, and packs them. */
import { microBatches, type PackedBatch, packBatch, rowsOf } from '../../model/batch.ts';
import type { Example } from './example.ts';

/** How a step is cut to fit memory. Part of the manifest, since the order of sums depends on it. */
export interface BatchPlan {
  /** Most rows of a micro-batch: tokens, of a shared prompt once. */
  readonly microBatchTokens: number;
  /** Rows of a micro-batch are rounded up to a multiple of this. */
  readonly tokenBucket: number;
}

/** One micro-batch. */
export interface Part {
  /** Its examples, by their index in the list that was packed. */
  readonly indices: readonly number[];
  readonly batch: PackedBatch;
}

/**
 * Packs the examples at the given indices, in that order, but those without weight last and in micro-batches of their own. A pair stays
 * together.
 * @param ends whether the model reads the last token of each completion: as in `packBatch`
 */
export function packExamples(
  examples: readonly Example[],
  indices: readonly number[],
  plan: BatchPlan,
  ends = true,
): Part[] {
  const of = (weightless: boolean) =>
    indices.filter((i) => (examples[i].weightless ?? false) === weightless);
  return [of(false), of(true)].flatMap((some) => packed(examples, some, plan, ends));
}

function packed(
  examples: readonly Example[],
  indices: readonly number[],
  plan: BatchPlan,
  ends: boolean,
): Part[] {
  const units = unitsOf(examples, indices);
  const rows = (unit: readonly number[], before?: readonly number[]) =>
    unit.reduce((sum, i, at) => {
      const previous = at > 0 ? unit[at - 1] : before?.at(-1);
      return (
        sum + rowsOf(examples[i], previous === undefined ? undefined : examples[previous], ends)
      );
    }, 0);
  return microBatches(units, plan.microBatchTokens, rows).map((part) => {
    const own = part.flat();
    return {
      indices: own,
      batch: packBatch(
        own.map((i) => examples[i]),
        plan.tokenBucket,
        ends,
      ),
    };
  });
}

/** Cuts units, in order, into at most `count` parts, none empty, whose numbers of units differ by at most one; as indices. */
export function inParts(units: readonly (readonly number[])[], count: number): number[][] {
  const cuts = Math.min(count, units.length);
  const bound = (i: number) => Math.floor((i * units.length) / cuts);
  return Array.from({ length: cuts }, (_, i) => units.slice(bound(i), bound(i + 1)).flat());
}

/** The units that are never split: an example alone, or the neighbouring examples of a pair. */
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

/** Splits a part's flat numbers into one list per example, and puts each into `rows` at the example's index. */
export function unpack(part: Part, values: Float32Array, rows: Float32Array[]): void {
  part.indices.forEach((index, i) => {
    const { start, length } = part.batch.completions[i];
    rows[index] = values.slice(start, start + length);
  });
}
