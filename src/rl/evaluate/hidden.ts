/**
 * Judges that training never sees, for tasks without a verifier. They are no part of a task, and only an evaluation may call them: a method that could be
 * paid by one would no longer learn from demonstrations alone.
 */
import { judgeCouplet, winRate } from '../tasks/couplet-judge.ts';
import type { Question, Task } from '../tasks/task.ts';
import type { Answered } from './answers.ts';
import type { Bootstrap, Interval } from './bootstrap.ts';
import { mean } from './statistics.ts';

/** What a hidden judge says of the answers: means over questions. */
interface Hidden {
  /** How often an answer is better than the expert's, ties counted as half. */
  readonly win_rate: number;
  readonly win_rate_interval: Interval;
  /** Of a couplet: share of the answers that rhyme, keep the metre, name the topic, and say no word twice. */
  readonly rhyme: number;
  readonly metre: number;
  readonly topic: number;
  readonly fresh: number;
}

export interface HiddenNumbers {
  /** Absent for tasks without such a judge. */
  readonly hidden?: Hidden;
}

export function hiddenNumbers(
  task: Task,
  answered: readonly Answered[],
  bootstrap: Bootstrap,
): HiddenNumbers {
  if (task.id !== 'couplet') return {};
  const wins = answered.map(({ question, answers }) => {
    const [topic, expert] = [topicOf(question), task.expertAnswer(question)];
    return winRate(answers.map(({ text }) => ({ topic, policy: text, expert }))) ?? Number.NaN;
  });
  const judged = answered.map(({ question, answers }) =>
    answers.map(({ text }) => judgeCouplet(topicOf(question), text)),
  );
  const share = (part: 'rhyme' | 'metre' | 'topic' | 'fresh') =>
    mean(judged.map((own) => mean(own.map((one) => Number(one[part])))));
  const rate = bootstrap.mean(wins);
  const [rhyme, metre] = [share('rhyme'), share('metre')];
  const [topic, fresh] = [share('topic'), share('fresh')];
  return { hidden: { win_rate: rate.mean, win_rate_interval: rate, rhyme, metre, topic, fresh } };
}

const topicOf = ({ prompt }: Question) => prompt.slice(0, -1);
