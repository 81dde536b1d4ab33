/** The pair in the arena: made for a question, written by a person, or one that a run's critic saw. Left is answer 1, right is answer 2. */
import type { Place } from '../../../rl/critic/pair.ts';
import { surfaceForm } from '../../../rl/critic/surface.ts';
import { randomStream } from '../../../rl/random.ts';
import type { Question } from '../../../rl/tasks/task.ts';
import { expertForm, type JudgedTask } from '../judged-task.ts';
import { SEED } from '../policy-answer.ts';
import type { RunPair } from './run-pairs.ts';

export interface ArenaPair {
  readonly question: Question;
  readonly first: string;
  readonly second: string;
  /** Where the expert's answer stands; null where a person wrote both. */
  readonly expert: Place | null;
  /** What the run's critic said of it; null where no run has seen it. */
  readonly seen: RunPair | null;
}

/**
 * The expert's answer and another: that of a completion where it has one, else a wrong one. The order is drawn, and the same for
 * the same question.
 */
export function madePair(
  task: JudgedTask,
  question: Question,
  completion: string | null,
): ArenaPair {
  const { critic } = task;
  const random = randomStream(SEED, `microscope/arena/${question.prompt}`);
  const own = completion === null ? null : critic.answer(question, completion);
  const other = surfaceForm(own ?? critic.wrong(question, random));
  const expert = expertForm(task, question);
  const place: Place = random.below(2) === 0 ? '1' : '2';
  const [first, second] = place === '1' ? [expert, other] : [other, expert];
  return { question, first, second, expert: place, seen: null };
}
