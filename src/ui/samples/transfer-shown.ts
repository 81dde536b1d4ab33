/** What the transfer reward shows of one answer: where it was cut, and what the receivers made of it. */
import type { CompletionRecord } from '../../rl/records.ts';

export interface ShownTry {
  readonly text: string;
  readonly correct: boolean;
  readonly truncated: boolean;
}

/** One cut of the answer. */
export interface ShownCut {
  /** Share of the answer left of the cut. */
  readonly tau: number;
  /** Tokens of it, the end token counted. */
  readonly cut: number;
  /** The prefix was a right answer already. */
  readonly leaked: boolean;
  /** Tries are null where the receiver had no room for the prefix. */
  readonly receivers: readonly {
    readonly receiver: string;
    readonly tries: readonly ShownTry[] | null;
  }[];
}

export interface ShownTransfer {
  /** True where the receivers saw the question alone, and the cuts only decided how much they might write. */
  readonly blank: boolean;
  /** One or more. */
  readonly cuts: readonly ShownCut[];
}

/** Reads it from a record; undefined where the term did not score, or shows something else. */
export function transferShown({ shown }: CompletionRecord): ShownTransfer | undefined {
  const told = shown?.transfer;
  if (!told) return undefined;
  const cuts = (Array.isArray(told.cuts) ? told.cuts : [told]).flatMap(readCut);
  return cuts.length === 0 ? undefined : { blank: told.blank_prefix === true, cuts };
}

function readCut(raw: unknown): ShownCut[] {
  if (!isRecord(raw)) return [];
  const { tau, cut, leaked, receivers } = raw;
  if (typeof tau !== 'number' || typeof cut !== 'number' || !Array.isArray(receivers)) return [];
  return [{ tau, cut, leaked: leaked === true, receivers: receivers.flatMap(readReceiver) }];
}

function readReceiver(raw: unknown): ShownCut['receivers'][number][] {
  if (!isRecord(raw) || typeof raw.receiver !== 'string') return [];
  const tries = Array.isArray(raw.tries) ? raw.tries.flatMap(readTry) : null;
  return [{ receiver: raw.receiver, tries }];
}

function readTry(raw: unknown): ShownTry[] {
  if (!isRecord(raw) || typeof raw.text !== 'string') return [];
  return [{ text: raw.text, correct: raw.correct === true, truncated: raw.truncated === true }];
}

function isRecord(raw: unknown): raw is Readonly<Record<string, unknown>> {
  return typeof raw === 'object' && raw !== null;
}
