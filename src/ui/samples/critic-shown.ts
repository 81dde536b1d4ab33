/** What a critic's verdict shows beside its text: the two answers as it saw them, which is the expert's, and what it said. */
import type { Place } from '../../rl/critic/pair.ts';
import { type CriticVerdict, VERDICTS } from '../../rl/critic/verdict.ts';
import type { CompletionRecord } from '../../rl/records.ts';

export interface ShownVerdict {
  /** The question, as the task reads it. */
  readonly question: string;
  readonly first: string;
  readonly second: string;
  readonly expert: Place;
  /** Null where it cannot be read. */
  readonly verdict: CriticVerdict | null;
  /** What it paid the policy; null where it cannot be read. */
  readonly policy: number | null;
  /** Steps since the pair was new; null for one of its step. */
  readonly age: number | null;
}

/** Reads it from a record; undefined where nobody compared two answers. */
export function criticShown({ shown }: CompletionRecord): ShownVerdict | undefined {
  const { question, first, second, expert, verdict, policy, age } = shown?.critic ?? {};
  if (typeof question !== 'string' || typeof first !== 'string' || typeof second !== 'string') {
    return undefined;
  }
  if (expert !== '1' && expert !== '2') return undefined;
  return {
    ...{ question, first, second, expert },
    verdict: VERDICTS.find((one) => one === verdict) ?? null,
    policy: typeof policy === 'number' ? policy : null,
    age: typeof age === 'number' ? age : null,
  };
}

/** A verdict in words. */
export function verdictText(verdict: CriticVerdict | null): string {
  if (verdict === null) return 'no verdict';
  return verdict === 'tie' ? 'says tie' : `names ${verdict}`;
}

/** What it was said of. */
export function pairText({ first, second, expert, age }: ShownVerdict): string {
  const replayed = age === null ? '' : ` Replayed, ${age} steps old.`;
  return `Shown: ${first}, then ${second}. The expert’s is ${expert}.${replayed}`;
}
