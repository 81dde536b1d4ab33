/** Which models a microscope offers: bundled ones of the task, the lab's, and a person's own. */

import type { RewardReading } from '../../rl/airl/reward-model.ts';
import { POLICIES } from '../../rl/experiment/catalog.ts';
import type { Option } from '../../rl/experiment/field.ts';
import { ownPolicyName } from '../../rl/experiment/own-policy.ts';
import { RECEIVERS } from '../../rl/experiment/receivers.ts';
import { REWARD_MODELS } from '../../rl/experiment/reward-models.ts';
import { SCOPE_TASKS, scopeTask } from './scope-tasks.ts';

/** A model by what it takes to open it. Its key is the same for the same weights. */
export type ModelRef =
  | { readonly kind: 'bundled'; readonly key: string; readonly folder: string }
  /** A policy of the person's own, kept in this browser. */
  | { readonly kind: 'kept'; readonly key: string; readonly folder: string }
  | {
      readonly kind: 'lab';
      readonly key: string;
      /** The folder whose config and tokenizer it has. */
      readonly folder: string;
      /** model.safetensors as the lab wrote it. */
      readonly weights: ArrayBuffer;
      /** Of a reward model: how its run reads it. */
      readonly reading?: RewardReading;
    }
  | {
      readonly kind: 'own';
      readonly key: string;
      /** An .onnx file; of a reward model its model.safetensors. */
      readonly model: File;
      /** tokenizer.json, and where there are any tokenizer_config.json and config.json. */
      readonly beside: readonly File[];
    };

export interface ModelChoice {
  readonly ref: ModelRef;
  readonly name: string;
  /** What kind of model it is, in a few words; empty where nothing is known. */
  readonly note: string;
  /** Of a reward model: the task of its training, among the microscopes’; absent where nobody knows. */
  readonly task?: string;
}

/**
 * The task that a bundled model was made for: the form of one that names it, or else the one with whose id its folder begins
 * (`policies/chain-nano`).
 */
export function taskOfModel(folder: string): string | undefined {
  const name = folder.slice(folder.indexOf('/') + 1);
  const form = SCOPE_TASKS.find(({ models }) => models?.includes(name));
  const whole = SCOPE_TASKS.find(({ id, models }) => !models && name.startsWith(`${id}-`));
  return (form ?? whole)?.id;
}

/** The name is the folder's, without its task; the note is what the label says beyond it, as `stronger` or `4 x 64`. */
function choice({ value, label }: Option, task: string): ModelChoice {
  const name = value.slice(value.indexOf('/') + 1 + scopeTask(task).settings.id.length + 1);
  const note = /: (.*)$/.exec(label)?.[1] ?? /\((.*)\)$/.exec(label)?.[1] ?? '';
  return { ref: { kind: 'bundled', key: value, folder: value }, name, note };
}

function choices(options: readonly Option[], task: string): ModelChoice[] {
  return options
    .filter(({ value }) => taskOfModel(value) === task)
    .map((option) => choice(option, task));
}

/** The bundled policies of a task. */
export function policiesOf(task: string): ModelChoice[] {
  return choices(POLICIES, task);
}

/** A policy of the person's own. */
export function keptPolicy(id: string): ModelChoice {
  return { ref: { kind: 'kept', key: id, folder: id }, name: ownPolicyName(id), note: 'your own' };
}

/** Tasks with at least one bundled policy. */
export const OFFERED_TASKS = SCOPE_TASKS.filter(({ id }) => policiesOf(id).length > 0);

/** The bundled receivers of a task, those that were made to be one first, then its policies: each can finish answers. */
export function receiversOf(task: string): ModelChoice[] {
  const made = choices(RECEIVERS, task);
  const policies = policiesOf(task).map(
    (policy) => made.find(({ ref }) => ref.key === policy.ref.key) ?? policy,
  );
  const taken = new Set(policies.map(({ ref }) => ref.key));
  return [...made.filter(({ ref }) => !taken.has(ref.key)), ...policies];
}

/** The bundled reward models: those of the task first, then all others, which may read it too. */
export function rewardsOf(task: string): ModelChoice[] {
  const own = REWARD_MODELS.filter(({ value }) => taskOfModel(value) === task);
  const others = REWARD_MODELS.filter((option) => !own.includes(option));
  return [...own, ...others].map(({ value, label }) => {
    const trainedOn = taskOfModel(value);
    const choice: ModelChoice = {
      ...{ ref: { kind: 'bundled', key: value, folder: value }, name: label, note: '' },
      ...(trainedOn && { task: trainedOn }),
    };
    return notedFor(choice, task);
  });
}

/** A reward model with what is to be noted of it where it reads a task. */
export function notedFor(reward: ModelChoice, task: string): ModelChoice {
  const foreign = reward.task !== undefined && reward.task !== task;
  return { ...reward, note: foreign ? 'trained on another task' : '' };
}

/** How many receivers stand side by side at first, and at most. */
export const FIRST_RECEIVERS = 3;
export const MOST_RECEIVERS = 4;
