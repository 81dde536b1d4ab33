/** Tasks for tests: a bundled one whose verifier is known to be there, and one that is made up and has none. */
import type { TaskConfig } from './index.ts';
import { createTask, tasks } from './index.ts';
import { defineTask, hasVerifier, SPLITS, type Split, type VerifiedTask } from './task.ts';

/** A task of the registry. @throws RangeError where it has no verifier */
export function verifiedTask(config: TaskConfig): VerifiedTask {
  const task = createTask(config);
  if (!hasVerifier(task)) throw new RangeError(`${task.id} has no verifier`);
  return task;
}

/** Praise for a number: any text will do, so nothing is right or wrong. */
export const praise = defineTask({
  label: 'Praise',
  description: 'Say something nice about a number.',
  options: {},
  create: () => ({
    id: 'praise',
    label: 'Praise',
    description: 'Say something nice about a number.',
    emptyPrompt: ':',
    question: (split: Split, index: number) => about(3 * index + SPLITS.indexOf(split)),
    readQuestion: (prompt) => about(Number.parseInt(prompt, 10)),
    splitOf: ({ prompt }) => SPLITS[Number.parseInt(prompt, 10) % 3],
    expertAnswer: () => 'well done',
    expertTrace: ({ prompt }) => `${prompt.slice(0, -1)}, well done`,
    stepBoundaries: (text) => (text === '' ? [] : [text.length]),
  }),
});

function about(n: number) {
  return { prompt: `${n}:`, title: `Praise ${n}`, data: n };
}

/** Puts `praise` among the tasks. Call it before the schema is loaded, which reads the list of tasks once. */
export function addPraise(): void {
  Object.assign(tasks, { praise });
}
