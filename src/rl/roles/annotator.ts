/**
 * The role of who is shown a question with the expert's answer, and writes reasoning that leads there. Its prompt is the question's with the answer put in after
 * a `^`: `3+8+5^;16:`. It writes as a solver does, and only what stands before its own answer is read.
 */
import type { Question, Task } from '../tasks/task.ts';
import type { Role } from './role.ts';

export const ANNOTATOR = 'annotator';

const SIGN = '^';

/** Most tokens of its prompt beside the question and what is shown. */
export const ANNOTATOR_SIGNS = 2;

/** Reads the reasoning; null where the text has no place for an answer. */
export function annotator(task: Task): Role<Question, string | null> {
  return {
    name: ANNOTATOR,
    prompt: (question) => promptWith(task, question, task.expertAnswer(question)),
    read: (_, text) => task.reasoning?.(text) ?? null,
  };
}

/** A question's prompt with something of the expert's put in. */
export function promptWith({ emptyPrompt }: Task, { prompt }: Question, shown: string): string {
  const asked = prompt.slice(0, prompt.length - emptyPrompt.length);
  return asked + SIGN + shown + emptyPrompt;
}
