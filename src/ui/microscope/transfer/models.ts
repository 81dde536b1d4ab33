/** Which models a microscope offers: bundled ones of the task, the lab's, and a person's own. */
import { POLICIES, TASKS } from '../../../rl/experiment/catalog.ts';
import type { Option } from '../../../rl/experiment/field.ts';
import { RECEIVERS } from '../../../rl/experiment/receivers.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';

/** A model by what it takes to open it. Its key is the same for the same weights. */
export type ModelRef =
  | { readonly kind: 'bundled'; readonly key: string; readonly folder: string }
  | {
      readonly kind: 'lab';
      readonly key: string;
      /** The folder whose config and tokenizer it has. */
      readonly folder: string;
      /** model.safetensors as the lab wrote it. */
      readonly weights: ArrayBuffer;
    }
  | {
      readonly kind: 'own';
      readonly key: string;
      readonly model: File;
      readonly tokenizer: File;
    };

export interface ModelChoice {
  readonly ref: ModelRef;
  readonly name: string;
  /** What kind of model it is, in a few words; empty where nothing is known. */
  readonly note: string;
}

/** The task that a bundled model was made for: its folder begins with the task's id (`policies/chain-nano`). */
export function taskOfModel(folder: string): TaskId | undefined {
  const name = folder.slice(folder.indexOf('/') + 1);
  return (Object.keys(TASKS) as TaskId[]).find((id) => name.startsWith(`${id}-`));
}

/** `Countdown nano (4 x 64, about 0.2 M parameters)` is the name and, in brackets, the note. */
function choice({ value, label }: Option, task: TaskId): ModelChoice {
  const [, title = label, note = ''] = /^(.*?)(?:\s*\((.*)\))?$/.exec(label) ?? [];
  const prefix = `${TASKS[task].label} `;
  const name = title.startsWith(prefix) ? title.slice(prefix.length) : title;
  return { ref: { kind: 'bundled', key: value, folder: value }, name, note };
}

/** The bundled policies of a task. */
export function policiesOf(task: TaskId): ModelChoice[] {
  return POLICIES.filter(({ value }) => taskOfModel(value) === task).map((o) => choice(o, task));
}

/** The bundled receivers of a task, then its policies: each can finish answers. */
export function receiversOf(task: TaskId): ModelChoice[] {
  const receivers = RECEIVERS.filter(({ value }) => taskOfModel(value) === task);
  return [...receivers.map((option) => choice(option, task)), ...policiesOf(task)];
}

/** How many receivers stand side by side at first, and at most. */
export const FIRST_RECEIVERS = 3;
export const MOST_RECEIVERS = 4;
