/** One answer of a policy, with all that is asked of it cut by cut. */
import { dialectOf, dialectsOf } from '../../../rl/manner.ts';
import { type Finished, leaks } from '../../../rl/rewards/transfer/finish.ts';
import {
  type Dialect,
  hasVerifier,
  type Question,
  type Task,
  type Verdict,
} from '../../../rl/tasks/task.ts';

/** The part of a tokenizer that reads an answer. */
export interface Decoder {
  readonly eosId: number | null;
  decode(ids: ArrayLike<number>): string;
  tokenText(id: number): string;
}

export interface Answer {
  readonly text: string;
  /** The text of each token, the end token left out. */
  readonly tokens: readonly string[];
  /** `tokens.length + 1` texts: what stands left of each cut. */
  readonly prefixes: readonly string[];
  /** Cuts at which a step of reasoning has just ended, rising, the whole answer included. */
  readonly steps: readonly number[];
  /** Cuts whose prefix is a right answer already: a receiver has nothing left to find out. */
  readonly leaks: ReadonlySet<number>;
  readonly truncated: boolean;
  /** Null where the task has no verifier. */
  readonly verdict: Verdict | null;
  /** The dialect that it is written in; undefined for a task with one way to write. */
  readonly dialect: Dialect | undefined;
}

/** Reads what a policy sampled. */
export function readAnswer(
  task: Task,
  question: Question,
  sampled: { readonly ids: readonly number[]; readonly truncated: boolean },
  tokenizer: Decoder,
): Answer {
  const ids = sampled.ids.filter((id) => id !== tokenizer.eosId);
  const prefixes = [...ids.keys(), ids.length].map((cut) => tokenizer.decode(ids.slice(0, cut)));
  const text = prefixes[ids.length];
  const steps = task
    .stepBoundaries(text)
    .map((offset) => prefixes.findIndex((prefix) => prefix.length >= offset));
  return {
    text,
    tokens: ids.map((id) => tokenizer.tokenText(id)),
    prefixes,
    steps: [...new Set(steps)].filter((cut) => cut > 0),
    leaks: new Set(
      hasVerifier(task)
        ? [...prefixes.keys()].filter((cut) => leaks(task, { question, prefix: prefixes[cut] }))
        : [],
    ),
    truncated: sampled.truncated,
    verdict: task.verify?.(question, text) ?? null,
    dialect: dialectsOf(task).find(({ id }) => id === dialectOf(task, question, text)),
  };
}

/** The last step of reasoning that ended at or before a cut, without its separator; undefined before the first. */
export function stepBefore(answer: Answer, cut: number): string | undefined {
  const at = answer.steps.findLastIndex((step) => step <= cut);
  if (at < 0) return undefined;
  const from = at === 0 ? 0 : answer.prefixes[answer.steps[at - 1]].length;
  return answer.prefixes[answer.steps[at]].slice(from).replace(/[\s,;.]+$/, '');
}

/** Right and all tries of what was finished; no tries where the receiver had no room. */
export function shareOf(tries: readonly Pick<Finished, 'correct'>[]): {
  readonly right: number;
  readonly tries: number;
} {
  return { right: tries.filter(({ correct }) => correct).length, tries: tries.length };
}
