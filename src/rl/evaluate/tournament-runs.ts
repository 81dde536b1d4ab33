/** Which runs can hold tournaments among their own answers. */
import { type MethodConfig, methodOf } from '../methods/index.ts';
import { createTask, type TaskConfig } from '../tasks/index.ts';
import { hasVerifier } from '../tasks/task.ts';

/** True where the method has a critic that compares two answers, and the task a verifier that tells whether the winner is right. */
export function holdsTournaments({
  method,
  task,
}: {
  readonly method: MethodConfig;
  readonly task: TaskConfig;
}): boolean {
  const { critic } = methodOf(method);
  if (!critic || 'key' in critic) return false;
  const made = createTask(task);
  return made.critic !== undefined && hasVerifier(made);
}
