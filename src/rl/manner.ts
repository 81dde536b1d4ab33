/**
 * How completions are written, where the task can tell: the dialect of each, and which of its tokens are chatter. Counted for metrics
 * rows and evaluations, and kept with samples, so that a stored sample says it without its task.
 */
import type { Tokenizer } from '../model/tokenizer.ts';
import { mean } from './evaluate/statistics.ts';
import type { MannerRecord } from './records.ts';
import type { Dialect, Manner, Question, Task, Verdict } from './tasks/task.ts';
import { tokenStarts, type Written } from './token-starts.ts';

/** The place in counts of what is written in none of the task's dialects. */
export const OTHER = 'other';

const OTHER_DIALECT = {
  id: OTHER,
  label: 'Other',
  help: 'Without steps, in several dialects at once, or in none of the task’s.',
} as const;

/** How one completion is written. */
export interface ReadManner {
  /** Of a task with dialects: the id of its own, or `other`. */
  readonly dialect?: string;
  /** Its tokens, the end token left out. */
  readonly length: number;
  /** Stretches of chatter in tokens, from and to, rising and apart. A token is chatter where its first character is. */
  readonly chatter: readonly (readonly [from: number, to: number])[];
}

/** The task's dialects and the place for all else; empty for a task without dialects. */
export function dialectsOf({ dialects = [] }: Pick<Task, 'dialects'>): readonly Dialect[] {
  return dialects.length === 0 ? [] : [...dialects, OTHER_DIALECT];
}

/** The dialect of a text, or `other`; null for a task without dialects. */
export function dialectOf(task: Task, question: Question, text: string): string | null {
  const manner = task.manner?.(question, text);
  return manner ? placeOf(task, manner) : null;
}

function placeOf({ dialects = [] }: Task, { dialect }: Manner): string | null {
  if (dialects.length === 0) return null;
  return dialects.find(({ id }) => id === dialect)?.id ?? OTHER;
}

/** How a completion is written; null where the task cannot tell. */
export function readManner(
  task: Task,
  question: Question,
  written: Written,
  tokenizer: Pick<Tokenizer, 'tokenText' | 'decode'>,
): ReadManner | null {
  const manner = task.manner?.(question, written.text);
  if (!manner) return null;
  const starts = tokenStarts(written, tokenizer);
  const dialect = placeOf(task, manner);
  return {
    ...(dialect !== null && { dialect }),
    length: starts.length,
    chatter: manner.chatter
      .map(([from, to]) => [firstFrom(starts, from), firstFrom(starts, to)] as const)
      .filter(([from, to]) => from < to),
  };
}

/** Tokens of chatter. */
export function chatterTokens({ chatter }: ReadManner): number {
  return chatter.reduce((sum, [from, to]) => sum + to - from, 0);
}

/** What a sample keeps of it. */
export function mannerRecord(
  task: Pick<Task, 'dialects'>,
  manner: ReadManner | null,
): MannerRecord | null {
  if (!manner) return null;
  const dialect = dialectsOf(task).find(({ id }) => id === manner.dialect);
  return {
    ...(dialect && { dialect }),
    ...(manner.chatter.length > 0 && { chatter: manner.chatter }),
  };
}

/**
 * Columns of a metrics row: `dialects/ID`, the share of the completions in each dialect and in none (`other`), `dialects/ID/accuracy`
 * within it (null where nothing is written in it; absent where nobody can judge), and `chatter`, the share of the tokens that are chatter
 * (absent where there are no tokens). Empty where the task cannot tell.
 * @param manners one per completion
 * @param verdicts in the same order
 */
export function mannerMetrics(
  task: Task,
  manners: readonly (ReadManner | null)[],
  verdicts: readonly (Verdict | null)[],
): Record<string, number | null> {
  const known = manners.filter((manner) => manner !== null);
  if (known.length === 0) return {};
  const judged = verdicts.some((verdict) => verdict !== null);
  const out: Record<string, number | null> = {};
  for (const { id } of dialectsOf(task)) {
    const own = verdicts.filter((_, i) => manners[i]?.dialect === id);
    const rights = own.flatMap((verdict) => (verdict ? [Number(verdict.correct)] : []));
    out[`dialects/${id}`] = own.length / known.length;
    if (judged) out[`dialects/${id}/accuracy`] = rights.length > 0 ? mean(rights) : null;
  }
  const tokens = known.reduce((sum, { length }) => sum + length, 0);
  const chatter = known.reduce((sum, manner) => sum + chatterTokens(manner), 0);
  if (tokens > 0) out.chatter = chatter / tokens;
  return out;
}

/** The first of rising places that is not before an offset. */
function firstFrom(starts: readonly number[], offset: number): number {
  const at = starts.findIndex((start) => start >= offset);
  return at < 0 ? starts.length : at;
}
