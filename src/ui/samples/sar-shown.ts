/** What the self-aligned reward shows of one answer beside its tokens: its two perplexities and R_SA. */
import type { CompletionRecord } from '../../rl/records.ts';

export interface ShownSar {
  /** Perplexity of the answer given its question; null where it is too large for a number. */
  readonly given: number | null;
  /** The same with the question emptied; null also where that was too long to be asked. */
  readonly alone: number | null;
  /** R_SA, not below its floor; null where it could not be asked for. */
  readonly r: number | null;
  /** R_SA before the floor; null where it is unknown or past all numbers. */
  readonly raw: number | null;
  /** Why something is missing. */
  readonly note?: string;
}

/** Reads it from a record; undefined where the term did not score. */
export function sarShown({ shown }: CompletionRecord): ShownSar | undefined {
  return readSar(shown?.sar);
}

/** Reads what the term `sar` shows or used; undefined where it is something else. */
export function readSar(
  shown: Readonly<Record<string, unknown>> | undefined,
): ShownSar | undefined {
  if (!shown || !('r_sa' in shown)) return undefined;
  const { note } = shown;
  return {
    given: numberIn(shown.perplexity_with_question),
    alone: numberIn(shown.perplexity_without_question),
    r: numberIn(shown.r_sa),
    raw: numberIn(shown.raw),
    ...(typeof note === 'string' && { note }),
  };
}

function numberIn(raw: unknown): number | null {
  return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
}

/** A perplexity with about three digits: 1.31, 25.8, 1.2e7. */
export function perplexityText(value: number | null): string {
  if (value === null) return 'too large';
  if (value < 10) return value.toFixed(2);
  if (value < 1000) return value.toFixed(value < 100 ? 1 : 0);
  return value.toExponential(1).replace('+', '');
}
