/** A packed batch: whole sequences one after the other in one list of tokens, padded only at the end. */
import { NO_ROW } from '../kernels/rows/gather-rows.ts';

/** One sequence: a prompt and its completion, as token ids. */
export interface SequenceTokens {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  /** Neighbours of one group with equal prompts share its rows. */
  readonly group?: number;
}

/** Where a sequence's completion tokens are in the flat per-token arrays of a batch. */
export interface CompletionSpan {
  readonly start: number;
  readonly length: number;
}

export interface PackedBatch {
  /** Rows before rounding up: tokens, of a shared prompt once. */
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
  /**
   * [rows, 4]: first row of the row's own segment, end (exclusive) of the rows that see the row, first row and end of the shared prompt that
   * its segment sees. Where nothing is shared the segment is the sequence, and the last two are its first row.
   */
  readonly spans: Uint32Array<ArrayBuffer>;
  /** [targetRows]: the row before each completion token, which predicts it. */
  readonly sources: Uint32Array<ArrayBuffer>;
  /** [targetRows]: the completion token. */
  readonly targets: Uint32Array<ArrayBuffer>;
  /** [rows]: the inverse of `sources`. */
  readonly inverse: Uint32Array<ArrayBuffer>;
  readonly completions: readonly CompletionSpan[];
  /** What was packed, and for each row before rounding up the sequence whose token it is; of a shared prompt, the first. */
  readonly sequences: readonly SequenceTokens[];
  readonly owners: Uint32Array<ArrayBuffer>;
  /** Mean number of keys that a token attends to; for pacing. */
  readonly meanKeys: number;
}

/**
 * Packs sequences in order. A prompt that neighbours share stands before them once, without its last token: that begins each of their
 * segments, since it predicts the first token of each. So a row predicts one token at most. What a token's numbers are does not
 * depend on sharing; its gradients differ by rounding, because what many rows gave is summed earlier.
 * @param bucket rows are rounded up to a multiple of this
 * @param ends whether the last token of each completion has a row, which a head that reads tokens at their own rows needs: it predicts nothing
 * @throws RangeError for an empty prompt: the first completion token is predicted by the token before it
 */
export function packBatch(
  sequences: readonly SequenceTokens[],
  bucket: number,
  ends = true,
): PackedBatch {
  const count = sequences.reduce((sum, s, i) => sum + rowsOf(s, sequences[i - 1], ends), 0);
  const targetCount = sequences.reduce((sum, s) => sum + s.completion.length, 0);
  const rows = roundUp(count, bucket);
  const targetRows = roundUp(targetCount, bucket);
  const ids = new Uint32Array(rows);
  const positions = new Uint32Array(rows);
  const spans = new Uint32Array(4 * rows);
  const sources = new Uint32Array(targetRows).fill(NO_ROW);
  const targets = new Uint32Array(targetRows);
  const inverse = new Uint32Array(rows).fill(NO_ROW);
  const completions: CompletionSpan[] = [];
  const owners = new Uint32Array(count);
  let row = 0;
  let target = 0;
  let keys = 0;
  /** Adds a row for a sequence's token at a position. */
  const add = (owner: number, id: number, position: number, span: readonly number[]) => {
    owners[row] = owner;
    ids[row] = id;
    positions[row] = position;
    spans.set(span, 4 * row);
    keys += position + 1;
    row += 1;
  };
  let prefix = [0, 0];
  sequences.forEach((sequence, s) => {
    const { prompt, completion } = sequence;
    if (prompt.length === 0) throw new RangeError('a sequence needs at least one prompt token');
    const last = prompt.length - 1;
    const follows = sharesPrompt(sequence, sequences[s - 1]);
    let from = follows ? last : 0;
    if (!follows && sharesPrompt(sequences[s + 1], sequence)) {
      prefix = [row, row + last];
      let end = prefix[1] + 1 + answerRows(sequence, ends);
      for (let t = s + 1; sharesPrompt(sequences[t], sequences[t - 1]); t++)
        end += 1 + answerRows(sequences[t], ends);
      for (; from < last; from++)
        add(s, prompt[from], from, [prefix[0], end, prefix[0], prefix[0]]);
    }
    const start = row;
    const written = answerRows(sequence, ends);
    const end = start + prompt.length - from + written;
    const span = [start, end, ...(from > 0 ? prefix : [start, start])];
    completions.push({ start: target, length: completion.length });
    for (let i = from; i < prompt.length; i++) add(s, prompt[i], i, span);
    for (const [i, id] of completion.entries()) {
      sources[target] = row - 1;
      targets[target] = id;
      inverse[row - 1] = target++;
      if (i < written) add(s, id, prompt.length + i, span);
    }
  });
  for (; row < rows; row++) spans.set([row, row + 1, row, row], 4 * row);
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
    sequences,
    owners,
    meanKeys,
  };
}

/**
 * The same two lists as `sources` and `inverse`, but for the completion tokens' own rows instead of the rows before them. The last
 * token of a sequence must have a row, although that row predicts nothing.
 */
export function ownRows(batch: PackedBatch): Pick<PackedBatch, 'sources' | 'inverse'> {
  const sources = batch.sources.map((row) => (row === NO_ROW ? NO_ROW : row + 1));
  const inverse = new Uint32Array(batch.rows).fill(NO_ROW);
  // No row follows the last one.
  inverse.set(batch.inverse.subarray(0, -1), 1);
  return { sources, inverse };
}

/**
 * Splits items, in order, into groups of at most `rows` rows.
 * @param rowsOf number of rows of an item after another in the same group; `before` is left out for the first one
 * @throws RangeError for a single item that has more
 */
export function microBatches<T>(
  items: readonly T[],
  rows: number,
  rowsOf: (item: T, before?: T) => number,
): T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const item of items) {
    const last = batches.at(-1);
    const needed = last && rowsOf(item, last.at(-1));
    if (last && needed !== undefined && needed <= room) {
      last.push(item);
      room -= needed;
      continue;
    }
    const alone = rowsOf(item);
    if (alone > rows) throw new RangeError(`a sequence of ${alone} tokens does not fit ${rows}`);
    batches.push([item]);
    room = rows - alone;
  }
  return batches;
}

/** Rows of a sequence that is packed after another one. @param ends as in `packBatch` */
export function rowsOf(sequence: SequenceTokens, before?: SequenceTokens, ends = true): number {
  const shared = sharesPrompt(sequence, before) ? sequence.prompt.length - 1 : 0;
  return sequence.prompt.length + answerRows(sequence, ends) - shared;
}

/** Rows of a completion. */
function answerRows({ completion }: SequenceTokens, ends: boolean): number {
  return ends ? completion.length : Math.max(0, completion.length - 1);
}

/** Whether a sequence shares the prompt of the one before it: they are of one group, and the prompts have equal tokens, two at least. */
function sharesPrompt(sequence?: SequenceTokens, before?: SequenceTokens): boolean {
  if (sequence?.group === undefined || sequence.group !== before?.group) return false;
  const [a, b] = [sequence.prompt, before.prompt];
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

function roundUp(n: number, to: number): number {
  return Math.max(1, Math.ceil(n / to)) * to;
}
