/**
 * Whether the questions of an evaluation are new to a policy. A task's splits say what is held out of that task's training. They say
 * nothing about a policy that was trained on other settings before: five terms are out of distribution for sums of two to four, and
 * everyday work for a policy that was warm-started on four to six.
 */
import { BatonError } from '../../errors.ts';
import type { Question, Split, Task } from '../tasks/task.ts';

/** How many of the questions lie within what the policy was warm-started on. */
export interface Familiar {
  /** Of the kind that it was trained on: in the training or the test split of one of its tasks. */
  readonly within: number;
  /** Among them those that training drew from. */
  readonly trained: number;
  /** These tasks, in words. */
  readonly tasks: readonly string[];
}

/** @param trainedOn the tasks of the policy's warm start, with their settings */
export function familiarOf(questions: readonly Question[], trainedOn: readonly Task[]): Familiar {
  const splits = questions.map(({ prompt }) => trainedOn.map((task) => splitFor(task, prompt)));
  const among = (...wanted: Split[]) =>
    splits.filter((own) => own.some((split) => split !== null && wanted.includes(split))).length;
  return {
    within: among('train', 'test'),
    trained: among('train'),
    tasks: [...new Set(trainedOn.map((task) => `${task.label}: ${task.description}`))],
  };
}

/** The split of a task to which a prompt belongs; null where the task does not ask such questions. */
function splitFor(task: Task, prompt: string): Split | null {
  try {
    return task.splitOf(task.readQuestion(prompt));
  } catch (error) {
    if (error instanceof BatonError) return null;
    throw error;
  }
}

/**
 * A sentence where the split promises more than holds for this policy: `ood` questions of a kind that it was trained on, or held-out ones that its
 * training drew from. Null where the split's promise holds.
 */
export function familiarText(
  split: Split,
  prompts: number,
  { within, trained }: Familiar,
): string | null {
  const count = (n: number) => (n === prompts ? `all ${prompts}` : `${n} of ${prompts}`);
  if (split === 'ood' && within > 0)
    return `Not out of distribution for this policy: ${count(within)} questions are of the kind that its warm start was trained on, and ${trained} could have been among its training questions`;
  if (split === 'test' && trained > 0)
    return `Not held out from this policy: ${count(trained)} questions could have been among the training questions of its warm start`;
  return null;
}
