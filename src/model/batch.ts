/** A packed batch: whole sequences one after the other in one list of tokens, padded only at the end. */
import { NO_ROW } from '../kernels/rows/gather-rows.ts';

/** One sequence: a prompt and its completion, as token ids. */
export interface SequenceTokens {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
}

/** Where a sequence's completion tokens are in the flat per-token arrays of a batch. */
export interface CompletionSpan {
  readonly start: number;
  readonly length: number;
}

export interface PackedBatch {
  /** Tokens, before rounding up. */
  readonly count: number;
  /** Rows after rounding up to a bucket. */
  readonly rows: number;
  /** Completion tokens, before rounding up. */
  readonly targetCount: number;
  /** Rows of the output head, rounded up to a bucket. */
  readonly targetRows: number;
  /** [rows] */
  readonly ids: Uint32Array<ArrayBuffer>;
  /** [rows] */
  readonly positions: Uint32Array<ArrayBuffer>;
  /** [rows, 2]: first row and end (exclusive) of the sequence that the row belongs to. */
  readonly spans: Uint32Array<ArrayBuffer>;
  /** [targetRows]: the row before each completion token, which predicts it. */
  readonly sources: Uint32Array<ArrayBuffer>;
  /** [targetRows]: the completion token. */
  readonly targets: Uint32Array<ArrayBuffer>;
  /** [rows]: the inverse of `sources`. */
  readonly inverse: Uint32Array<ArrayBuffer>;
  readonly completions: readonly CompletionSpan[];
  /** Mean number of keys that a token attends to; for pacing. */
  readonly meanKeys: number;
}

/**
 * Packs sequences in order.
 * @param bucket rows are rounded up to a multiple of this
 * @throws RangeError for an empty prompt: the first completion token is predicted by the token before it
 */
export function packBatch(sequences: readonly SequenceTokens[], bucket: number): PackedBatch {
  const count = sequences.reduce((sum, s) => sum + s.prompt.length + s.completion.length, 0);
  const targetCount = sequences.reduce((sum, s) => sum + s.completion.length, 0);
  const rows = roundUp(count, bucket);
  const targetRows = roundUp(targetCount, bucket);
  const ids = new Uint32Array(rows);
  const positions = new Uint32Array(rows);
  const spans = new Uint32Array(2 * rows);
  const sources = new Uint32Array(targetRows).fill(NO_ROW);
  const targets = new Uint32Array(targetRows);
  const inverse = new Uint32Array(rows).fill(NO_ROW);
  const completions: CompletionSpan[] = [];
  let row = 0;
  let target = 0;
  let keys = 0;
  for (const { prompt, completion } of sequences) {
    if (prompt.length === 0) throw new RangeError('a sequence needs at least one prompt token');
    const start = row;
    const end = row + prompt.length + completion.length;
    completions.push({ start: target, length: completion.length });
    for (const [i, id] of [...prompt, ...completion].entries()) {
      ids[row] = id;
      positions[row] = i;
      spans[2 * row] = start;
      spans[2 * row + 1] = end;
      keys += i + 1;
      if (i >= prompt.length) {
        sources[target] = row - 1;
        targets[target] = id;
        inverse[row - 1] = target++;
      }
      row += 1;
    }
  }
  for (; row < rows; row++) {
    spans[2 * row] = row;
    spans[2 * row + 1] = row + 1;
  }
  const meanKeys = Math.max(1, Math.round(keys / Math.max(1, count)));
  return {
    count,
    rows,
    targetCount,
    targetRows,
    ids,
    positions,
    spans,
    sources,
    targets,
    inverse,
    completions,
    meanKeys,
  };
}

/**
 * The same two lists as `sources` and `inverse`, but for the completion tokens' own rows instead of the rows before them. The last
 * token of a sequence has a row too, although that row predicts nothing.
 */
export function ownRows(batch: PackedBatch): Pick<PackedBatch, 'sources' | 'inverse'> {
  const sources = batch.sources.map((row) => (row === NO_ROW ? NO_ROW : row + 1));
  const inverse = new Uint32Array(batch.rows).fill(NO_ROW);
  // No row follows the last one.
  inverse.set(batch.inverse.subarray(0, -1), 1);
  return { sources, inverse };
}

/**
 * Splits items, in order, into groups of at most `tokens` tokens.
 * @param lengthOf number of tokens of an item
 * @throws RangeError for a single item that is longer
 */
export function microBatches<T>(
  items: readonly T[],
  tokens: number,
  lengthOf: (item: T) => number,
): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const item of items) {
    const length = lengthOf(item);
    if (length > tokens)
      throw new RangeError(`a sequence of ${length} tokens does not fit ${tokens}`);
    const last = batches.at(-1);
    if (last && length <= room) {
      last.push(item);
      room -= length;
    } else {
      batches.push([item]);
      room = tokens - length;
    }
  }
  return batches;
}

/** Number of tokens of a sequence. */
export function sequenceLength({ prompt, completion }: SequenceTokens): number {
  return prompt.length + completion.length;
}

function roundUp(n: number, to: number): number {
  return Math.max(1, Math.ceil(n / to)) * to;
}
