import { BatonError } from '../errors.ts';
import type { Question, Task } from '../rl/tasks/task.ts';

/** The question that a prompt asks; null where it is none of the task's, such as one of another role or of other settings. */
export function questionOf(task: Task, prompt: string): Question | null {
  try {
    return task.readQuestion(prompt);
  } catch (error) {
    if (error instanceof BatonError) return null;
    throw error;
  }
}
