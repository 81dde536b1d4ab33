/** Where the tokens of a text begin, in characters. */
import type { Tokenizer } from '../model/tokenizer.ts';

/** A text as it was written; the end token is the last id unless the budget ended first. */
export interface Written {
  readonly completionIds: readonly number[];
  /** The text without the end token. */
  readonly text: string;
  readonly truncated: boolean;
}

/** What is asked of a tokenizer here. */
export type Tokens = Pick<Tokenizer, 'tokenText' | 'decode'>;

/**
 * The offset of the first character of each token, the end token left out. A token without any character, such as a special token
 * in the middle, begins where the next one does.
 */
export function tokenStarts(
  { completionIds, text, truncated }: Written,
  tokenizer: Tokens,
): number[] {
  const ids = truncated ? completionIds : completionIds.slice(0, -1);
  const starts: number[] = [];
  let at = 0;
  for (const id of ids) {
    starts.push(at);
    at += tokenizer.tokenText(id).length;
  }
  if (at === text.length) return starts;
  // Some token has another text here than by itself.
  return ids.map((_, i) => tokenizer.decode(ids.slice(0, i)).length);
}
