/** What a permuted term shows of one answer: which value it was paid, whose that was, and what its own was. */
import type { CompletionRecord } from '../../rl/records.ts';
import { termName } from '../term-name.ts';

export interface ShownPermuted {
  readonly term: string;
  /** The raw value that was paid; null where the answer it came from has none. */
  readonly paid: number | null;
  /** The answer's own, which was not paid to it; null where it has none. */
  readonly own: number | null;
  /** Whose value was paid: a place within the group, from 0. */
  readonly from: number;
}

/** The answer's permuted terms. */
export function permutedShown({ shown = {}, rewards }: CompletionRecord): ShownPermuted[] {
  return Object.entries(shown).flatMap(([term, { measured, permuted_from: from }]) =>
    typeof from === 'number'
      ? [
          {
            ...{ term, from, paid: rewards[term] ?? null },
            own: typeof measured === 'number' ? measured : null,
          },
        ]
      : [],
  );
}

/** It in words. @param index the answer's own place in its group, from 0 */
export function permutedText({ term, paid, own, from }: ShownPermuted, index: number): string {
  const name = termName(term);
  if (from === index) return `${name} permuted: its own value stayed`;
  return `${name} permuted: ${valueText(paid)} is answer ${from + 1}’s, its own is ${valueText(own)}`;
}

/** At most three decimals, and none that say nothing. */
function valueText(value: number | null): string {
  return value === null ? 'no value' : String(Number(value.toFixed(3))).replace('-', '−');
}
