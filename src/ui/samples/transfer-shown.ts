/** What the transfer reward shows of one answer: where it was cut, and what the receivers made of it. */
import type { CompletionRecord } from '../../rl/records.ts';

export interface ShownTry {
  readonly text: string;
  readonly correct: boolean;
  readonly truncated: boolean;
}

export interface ShownTransfer {
  /** Share of the answer that the receivers saw. */
  readonly tau: number;
  /** Tokens of it that they saw, the end token counted. */
  readonly cut: number;
  /** The prefix was a right answer already. */
  readonly leaked: boolean;
  /** Tries are null where the receiver had no room for the prefix. */
  readonly receivers: readonly {
    readonly receiver: string;
    readonly tries: readonly ShownTry[] | null;
  }[];
}

/** Reads it from a record; undefined where the term did not score, or shows something else. */
export function transferShown({ shown }: CompletionRecord): ShownTransfer | undefined {
  const { tau, cut, leaked, receivers } = shown?.transfer ?? {};
  if (typeof tau !== 'number' || typeof cut !== 'number' || !Array.isArray(receivers)) return;
  return { tau, cut, leaked: leaked === true, receivers: receivers.flatMap(readReceiver) };
}

function readReceiver(raw: unknown): ShownTransfer['receivers'][number][] {
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
