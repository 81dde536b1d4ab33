/**
 * A learned reward along an answer, read again from the logits that are kept of every token: at another granularity, with the places where it says that
 * something went wrong, and the first step that is at fault by the verifier, where the task knows it. Pure.
 */
import { endsOf, type Reading, readPlaces } from '../../rl/airl/granularity.ts';
import { tokenRewards } from '../../rl/airl/token-rewards.ts';
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import type { Question, Task } from '../../rl/tasks/task.ts';
import { questionOf } from '../question-of.ts';

/** How a run reads its learned reward. */
export interface LearnedReader {
  readonly task: Task;
  /** Rewards stay between minus this and this. */
  readonly clip: number;
  readonly own: Reading;
}

/** Neighbouring tokens, `to` left out. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface LearnedTrace {
  /** Readings along the answer; each holds for all tokens up to the place where it is read. */
  readonly readings: number;
  /** Where the reward is lowest, and where it falls most from the reading before, which is 0 before the first; null where there is nothing to pick. */
  readonly lowest: (Stretch & { readonly value: number }) | null;
  readonly fall: (Stretch & { readonly by: number }) | null;
  /** The first step at fault by the verifier; null where no step is, undefined where nobody can tell. */
  readonly wrong: Stretch | null | undefined;
}

/** A group as it looks under another reading. */
export interface LearnedGroup {
  readonly group: SampleGroup;
  /** One per completion; null where it has no logits. */
  readonly traces: readonly (LearnedTrace | null)[];
  /** The name of the token number that is the reward. */
  readonly reward: string;
}

/** Logits of a reward model by token, and the rewards that come of them: of a method's own discriminator, and of a reward term. */
const NAMES = [
  { logit: 'learned_logit', reward: 'learned_reward' },
  { logit: 'learned/logit', reward: 'learned/reward' },
] as const;

/** How an experiment reads a learned reward, by its method's settings or a reward term's; undefined where it has none. */
export function readerOf(
  { method, rewards }: { readonly method: object; readonly rewards: readonly object[] },
  task: Task,
): LearnedReader | undefined {
  for (const part of [method, ...rewards]) {
    const { granularity, interval, reward_clip } = part as Partial<
      Reading & { readonly reward_clip: number }
    >;
    if (granularity === undefined || interval === undefined || reward_clip === undefined) continue;
    return { task, clip: reward_clip, own: { granularity, interval } };
  }
  return undefined;
}

/** The group with its rewards read again; null where no answer has logits. */
export function readGroup(
  group: SampleGroup,
  reader: LearnedReader,
  reading: Reading,
): LearnedGroup | null {
  const names = NAMES.find(({ logit }) => group.completions.some(({ tokens }) => tokens[logit]));
  if (!names) return null;
  const question = questionOf(reader.task, group.prompt);
  const read = group.completions.map((completion) => {
    const logits = completion.tokens[names.logit];
    if (!logits || logits.length === 0) return { completion, trace: null };
    const { rewards, trace } = readTrace(completion, logits, reader, reading, question);
    const tokens = { ...completion.tokens, [names.reward]: Array.from(rewards) };
    return { completion: { ...completion, tokens }, trace };
  });
  return {
    group: { ...group, completions: read.map(({ completion }) => completion) },
    traces: read.map(({ trace }) => trace),
    reward: names.reward,
  };
}

/** One reading, and the tokens for which it stands. */
export type Part = Stretch & { readonly value: number };

/**
 * One answer under a reading.
 * @param logits one per token, and at least one
 */
export function readTrace(
  { pieces, text, truncated }: Pick<CompletionRecord, 'pieces' | 'text' | 'truncated'>,
  logits: readonly number[],
  { task, clip }: Pick<LearnedReader, 'task' | 'clip'>,
  reading: Reading,
  question: Question | null,
): {
  readonly rewards: Float64Array;
  readonly parts: readonly Part[];
  readonly trace: LearnedTrace;
} {
  const starts = startsOf(truncated ? pieces : pieces.slice(0, -1));
  const boundaries = task.stepBoundaries(text);
  const places = readPlaces(logits.length, endsOf(starts, boundaries), reading);
  const rewards = tokenRewards(logits, places, clip);
  const parts = places.map((place, i) => ({
    ...{ from: i === 0 ? 0 : places[i - 1] + 1, to: place + 1, value: rewards[place] },
  }));
  return {
    rewards,
    parts,
    trace: {
      readings: parts.length,
      lowest: parts.length < 2 ? null : leastBy(parts, ({ value }) => value),
      fall: steepest(parts),
      wrong: wrongStep(task, question, text, starts, boundaries),
    },
  };
}

/** The reading that lies furthest below the one before it; before the first stands 0, as for `lab find-error`. */
function steepest(parts: readonly Part[]): LearnedTrace['fall'] {
  if (parts.length < 2) return null;
  const falls = parts.map(({ from, to, value }, i) => ({
    ...{ from, to, by: (i === 0 ? 0 : parts[i - 1].value) - value },
  }));
  const most = leastBy(falls, ({ by }) => -by);
  return most && most.by > 0 ? most : null;
}

/** The first of those with the least number; null for none. */
function leastBy<T>(all: readonly T[], of: (one: T) => number): T | null {
  return all.reduce<T | null>(
    (best, one) => (best === null || of(one) < of(best) ? one : best),
    null,
  );
}

/** The offset of each piece's first character. */
function startsOf(pieces: readonly string[]): number[] {
  let at = 0;
  return pieces.map(({ length }) => {
    at += length;
    return at - length;
  });
}

function wrongStep(
  task: Task,
  question: Question | null,
  text: string,
  starts: readonly number[],
  boundaries: readonly number[],
): LearnedTrace['wrong'] {
  if (question === null || !task.verify) return undefined;
  const { correct, firstWrong } = task.verify(question, text);
  // A wrong answer without a step at fault may just end too early.
  if (firstWrong === undefined) return correct ? null : undefined;
  const begin = firstWrong === 0 ? 0 : (boundaries[firstWrong - 1] ?? text.length);
  const end = boundaries[firstWrong] ?? text.length;
  const own = starts.flatMap((start, i) => (start >= begin && start < end ? [i] : []));
  return own.length === 0 ? undefined : { from: own[0], to: own[own.length - 1] + 1 };
}

/** Whether a pick lies on the step at fault, at least in part. */
export function finds(pick: Stretch, wrong: Stretch): boolean {
  return pick.from < wrong.to && wrong.from < pick.to;
}
