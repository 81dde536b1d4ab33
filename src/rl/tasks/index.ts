/** All tasks by id. A new task is one file and one line here. */

import type { Shape } from '../experiment/field.ts';
import type { OneOf } from '../experiment/structure.ts';
import { chain } from './chain.ts';
import { countdown } from './countdown.ts';
import { couplet } from './couplet.ts';
import { hops } from './hops.ts';
import type { Task, TaskKind } from './task.ts';
import { word } from './word.ts';

export const tasks = { countdown, chain, word, couplet, hops };

export type TaskId = keyof typeof tasks;

/** A task's id and its settings, as they stand in an experiment. */
export type TaskConfig = OneOf<'id', typeof tasks>;

/** The task that an experiment names. @throws BatonError `BadConfig` where settings contradict each other. */
export function createTask(config: TaskConfig): Task {
  const { id, ...options } = config;
  // The schema has paired each id with its own options; TypeScript cannot follow a pairing through a lookup.
  return (tasks[id] as unknown as TaskKind<Shape>).create(options);
}
