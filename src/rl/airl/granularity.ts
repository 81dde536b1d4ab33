/**
 * Where a learned reward is read along a completion, and how what is read becomes one reward per token.
 *
 * | granularity | read at | reward of token t |
 * | --- | --- | --- |
 * | sparse | the last token | the same for all tokens |
 * | step | the last token of each step, and the last token | that at the end of t's step |
 * | interval | every n-th token, and the last | that at the end of t's interval |
 * | dense | every token | its own |
 *
 * Source: AIRL for reasoning, the four granularities of its reward model.
 */
import { type Tokens, tokenStarts, type Written } from '../token-starts.ts';

export type Granularity = 'sparse' | 'step' | 'interval' | 'dense';

export interface Reading {
  readonly granularity: Granularity;
  /** Tokens from one place to the next; only `interval` has it. At least 1. */
  readonly interval: number;
}

/**
 * The tokens at which a completion is read, by index and rising. The last token is always one; a completion without tokens has none.
 * @param length tokens of the completion, its end token included
 * @param ends the last token of each step (`stepEnds`); only `step` looks at them
 * @throws RangeError for an interval below 1 or an end outside of the completion
 */
export function readPlaces(
  length: number,
  ends: readonly number[],
  { granularity, interval }: Reading,
): number[] {
  if (length === 0) return [];
  const last = length - 1;
  const all = Array.from({ length }, (_, t) => t);
  switch (granularity) {
    case 'sparse':
      return [last];
    case 'dense':
      return all;
    case 'interval':
      if (!Number.isInteger(interval) || interval < 1)
        throw new RangeError(`an interval of ${interval} tokens`);
      return all.filter((t) => t === last || (t + 1) % interval === 0);
    case 'step': {
      const outside = ends.find((end) => !Number.isInteger(end) || end < 0 || end > last);
      if (outside !== undefined) throw new RangeError(`a step ends at ${outside} of ${length}`);
      const read = new Set([...ends, last]);
      return all.filter((t) => read.has(t));
    }
  }
}

/**
 * The last token of each step.
 * @param boundaries offsets just after each step, in characters, rising (`Task.stepBoundaries`)
 * @returns token indices, rising; a step that shares its last token with the next one has none of its own
 */
export function stepEnds(
  written: Written,
  tokenizer: Tokens,
  boundaries: readonly number[],
): number[] {
  return endsOf(tokenStarts(written, tokenizer), boundaries);
}

/** The same from where the tokens begin. @param starts offset of each token, in characters, rising */
export function endsOf(starts: readonly number[], boundaries: readonly number[]): number[] {
  const ends = boundaries.map((boundary) => starts.findLastIndex((start) => start < boundary));
  return [...new Set(ends)].filter((end) => end >= 0);
}

/**
 * One number per token: that of the first place at or after it.
 * @param values one number per token, of which those at `places` are used
 * @param places rising; the last is the last token
 * @throws RangeError where the last token is not read
 */
export function fillBack(values: ArrayLike<number>, places: readonly number[]): Float64Array {
  if (values.length > 0 && places[places.length - 1] !== values.length - 1)
    throw new RangeError('the last token of a completion is always read');
  const filled = new Float64Array(values.length);
  let from = 0;
  for (const place of places) {
    filled.fill(values[place], from, place + 1);
    from = place + 1;
  }
  return filled;
}
