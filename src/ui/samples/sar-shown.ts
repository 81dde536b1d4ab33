/** What the self-aligned reward shows of one answer: its two perplexities, R_SA, and what the question tells each token. */
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
  /** Per token, nats: log-prob with the question minus log-prob without. Absent where it could not be asked for. */
  readonly v?: readonly number[];
  /** Why something is missing. */
  readonly note?: string;
}

const known = new WeakMap<CompletionRecord, ShownSar | null>();

/** Reads it from a record, once; undefined where the term did not score. */
export function sarShown(completion: CompletionRecord): ShownSar | undefined {
  const before = known.get(completion);
  if (before !== undefined) return before ?? undefined;
  const read = readSar(completion.shown?.sar);
  known.set(completion, read ?? null);
  return read;
}

/** Reads what the term `sar` shows or used; undefined where it is something else. */
export function readSar(
  shown: Readonly<Record<string, unknown>> | undefined,
): ShownSar | undefined {
  if (!shown || !('r_sa' in shown)) return undefined;
  const { v, note } = shown;
  return {
    given: numberIn(shown.perplexity_with_question),
    alone: numberIn(shown.perplexity_without_question),
    r: numberIn(shown.r_sa),
    raw: numberIn(shown.raw),
    ...(Array.isArray(v) && v.every((value) => typeof value === 'number') && { v }),
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
