/** A token of an answer in a few characters. */
import type { CompletionRecord } from '../../rl/records.ts';
import { spoken } from '../samples/visible-text.ts';

/** The token as it stands in a strip. */
export function tokenText({ pieces, truncated }: CompletionRecord, t: number): string {
  return !truncated && t === pieces.length - 1 ? 'end' : spoken(pieces[t]).replace('space', '·');
}
