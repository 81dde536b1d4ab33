/** The role that answers a question. */
import type { Question, Task, Verdict } from '../tasks/task.ts';
import type { Role } from './role.ts';

/** Reads an answer by the task's verifier; null where the task has none. */
export function solver(task: Task): Role<Question, Verdict | null> {
  return {
    name: 'solver',
    prompt: (question) => question.prompt,
    read: (question, text) => task.verify?.(question, text) ?? null,
  };
}
