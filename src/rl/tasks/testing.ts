/** Tasks for tests: a bundled one whose verifier is known to be there, and two that are made up: one has none, one has dialects. */
import type { TaskConfig } from './index.ts';
import { createTask, tasks } from './index.ts';
import {
  defineTask,
  hasVerifier,
  SPLITS,
  type Split,
  type Task,
  type VerifiedTask,
} from './task.ts';

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
    legend: 'An answer is any text.',
    emptyPrompt: ':',
    question: (split: Split, index: number) => about(3 * index + SPLITS.indexOf(split)),
    readQuestion: (prompt) => about(Number.parseInt(prompt, 10)),
    splitOf: ({ prompt }) => SPLITS[Number.parseInt(prompt, 10) % 3],
    expertAnswer: () => 'well done',
    expertTrace: ({ prompt }) => `${prompt.slice(0, -1)}, well done`,
    stepBoundaries: (text) => (text === '' ? [] : [text.length]),
  }),
});

/**
 * A number to be said after some steps: `dd;7`. Steps are public (`d`) or private (`p`), and `u` is chatter wherever it stands. Right is
 * what ends with the number.
 */
export const speech: VerifiedTask & Required<Pick<Task, 'dialects' | 'manner'>> = {
  ...praise.create({}),
  id: 'speech',
  label: 'Speech',
  description: 'Say a number.',
  legend: '`d` and `p` are steps; the number after `;` is the answer.',
  expertAnswer: ({ prompt }) => prompt.slice(0, -1),
  expertTrace: ({ prompt }) => `dd;${prompt.slice(0, -1)}`,
  verify: ({ prompt }, completion) => {
    const answer = /;(\d+)$/.exec(completion)?.[1] ?? null;
    return { correct: answer === prompt.slice(0, -1), wellFormed: answer !== null, answer };
  },
  dialects: [
    { id: 'public', label: 'Public', help: 'Steps are d.' },
    { id: 'private', label: 'Private', help: 'Steps are p.' },
  ],
  manner: (_, completion) => ({
    dialect: { d: 'public', p: 'private' }[/[dp]/.exec(completion)?.[0] ?? ''] ?? null,
    chatter: [...completion.matchAll(/u+/g)].map(
      ({ index, 0: { length } }) => [index, index + length] as const,
    ),
  }),
};

function about(n: number) {
  return { prompt: `${n}:`, title: `Praise ${n}`, data: n };
}

/** Puts `praise` among the tasks. Call it before the schema is loaded, which reads the list of tasks once. */
export function addPraise(): void {
  Object.assign(tasks, { praise });
}
