/** The pairs that a run's critic saw in a step, read from the samples that are kept of it. */
import type { Place } from '../../../rl/critic/pair.ts';
import type { CriticVerdict } from '../../../rl/critic/verdict.ts';
import type { CompletionRecord, SampleGroup } from '../../../rl/records.ts';
import { criticShown, type ShownVerdict } from '../../samples/critic-shown.ts';

export interface RunVerdict {
  /** Whether the pair was shown the other way round. */
  readonly turned: boolean;
  /** Of the two answers as they were shown; null where it cannot be read. */
  readonly verdict: CriticVerdict | null;
  readonly record: CompletionRecord;
  /** How likely this verdict was after the reasoning that led to it; null where there is none. */
  readonly probability: number | null;
  /** What it paid the critic and the policy; null where it could not be read. */
  readonly critic: number;
  readonly policy: number | null;
}

export interface RunPair {
  readonly step: number;
  /** The question, as the task reads it. */
  readonly prompt: string;
  readonly title: string;
  readonly first: string;
  readonly second: string;
  readonly expert: Place;
  /** Steps since it was new; null for a pair of this step. */
  readonly age: number | null;
  readonly verdicts: readonly RunVerdict[];
}

export function runPairs(groups: readonly SampleGroup[]): RunPair[] {
  return groups.flatMap(({ step, question: title, completions }) => {
    const told = completions.flatMap((record) => {
      const shown = criticShown(record);
      return shown ? [{ record, shown }] : [];
    });
    if (told.length === 0) return [];
    const [{ shown: asDrawn }] = told;
    const { question: prompt, first, second, expert, age } = asDrawn;
    const verdicts = told.map(({ record, shown }) => verdictOf(record, shown, expert));
    return [{ step, prompt, title, first, second, expert, age, verdicts }];
  });
}

/** Whether two are the same pair, read twice. */
export function samePair(one: RunPair, other: RunPair): boolean {
  return one.verdicts[0].record === other.verdicts[0].record;
}

function verdictOf(record: CompletionRecord, shown: ShownVerdict, expert: Place): RunVerdict {
  const { pieces, tokens, rewards } = record;
  // The verdict's letter stands before the end token.
  const logprob = tokens.logprob[pieces.length - 2];
  const known = shown.verdict !== null && logprob !== undefined;
  return {
    ...{ turned: shown.expert !== expert, verdict: shown.verdict, record },
    probability: known ? Math.exp(logprob) : null,
    ...{ critic: rewards.critic ?? 0, policy: shown.policy },
  };
}
