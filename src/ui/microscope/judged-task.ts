/** Tasks whose answers a critic can judge in pairs. */
import { surfaceForm } from '../../rl/critic/surface.ts';
import type { Question, Task, TaskCritic } from '../../rl/tasks/task.ts';

/** A task with a critic. */
export type JudgedTask = Task & { readonly critic: TaskCritic };

/** Whether a critic can be asked about the task's answers. */
export function hasCritic(task: Task): task is JudgedTask {
  return task.critic !== undefined;
}

/** What the expert answers, in the form in which critics see answers. */
export function expertForm(task: JudgedTask, question: Question): string {
  const text = task.expertAnswer(question);
  return surfaceForm(task.critic.answer(question, text) ?? text);
}
