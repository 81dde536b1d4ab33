/** The numbers of an evaluation that say how answers are written, where the task can tell. */
import type { Tokenizer } from '../../model/tokenizer.ts';
import { chatterTokens, dialectsOf, type ReadManner, readManner } from '../manner.ts';
import type { Task } from '../tasks/task.ts';
import type { Answered } from './answers.ts';
import type { Bootstrap, Interval } from './bootstrap.ts';

/** How the answers in one dialect fare. */
export interface DialectNumbers {
  /** Share of all answers. */
  readonly share: number;
  readonly share_interval: Interval;
  /** Share of its answers that are right; null where there are none, or nobody can judge. */
  readonly accuracy: number | null;
}

/** Intervals are 95 %, as everywhere in an evaluation. All absent where the task cannot tell. */
export interface MannerNumbers {
  /** By id, and `other` for what is in none of them; absent where the task has one way to write only. */
  readonly dialects?: Readonly<Record<string, DialectNumbers>>;
  /** Share of the answers' tokens that are chatter, end tokens left out; NaN where there are no tokens. */
  readonly chatter?: number;
  readonly chatter_interval?: Interval;
}

export function mannerNumbers(
  task: Task,
  answered: readonly Answered[],
  tokenizer: Tokenizer,
  bootstrap: Bootstrap,
): MannerNumbers {
  const all = answered.map(({ question, answers }) =>
    answers.flatMap((answer) => {
      const manner = readManner(task, question, answer, tokenizer);
      return manner ? [{ ...manner, correct: answer.verdict?.correct }] : [];
    }),
  );
  if (all.every((own) => own.length === 0)) return {};
  const sums = (of: (manner: ReadManner) => number) =>
    all.map((own) => own.reduce((sum, manner) => sum + of(manner), 0));
  const dialects = dialectsOf(task).map(({ id }) => {
    const share = bootstrap.ratio(
      sums(({ dialect }) => Number(dialect === id)),
      all.map((own) => own.length),
    );
    const rights = all
      .flat()
      .flatMap(({ dialect, correct }) =>
        dialect === id && correct !== undefined ? [correct] : [],
      );
    const accuracy = rights.length === 0 ? null : rights.filter(Boolean).length / rights.length;
    return [id, { share: share.mean, share_interval: share, accuracy }] as const;
  });
  const chatter = bootstrap.ratio(
    sums(chatterTokens),
    sums(({ length }) => length),
  );
  return {
    ...(dialects.length > 0 && { dialects: Object.fromEntries(dialects) }),
    chatter: chatter.mean,
    chatter_interval: chatter,
  };
}
