/** The tasks, reward terms and policies that an experiment may name, each with its own settings. */
import { BatonError } from '../../errors.ts';
import { methods } from '../methods/index.ts';
import { createRewards, type RewardConfig, rewards } from '../rewards/index.ts';
import type { RewardKind } from '../rewards/reward.ts';
import { createTask, type TaskConfig, tasks } from '../tasks/index.ts';
import { hasVerifier, type Task } from '../tasks/task.ts';
import type { Option, Shape } from './field.ts';

export { methods as METHODS, rewards as TERMS, tasks as TASKS };

/** The bundled policies, by their folder under the models' root. */
export const POLICIES: readonly Option[] = [
  { value: 'policies/countdown-nano', label: 'Countdown nano (4 x 64, about 0.2 M parameters)' },
  { value: 'policies/countdown-micro', label: 'Countdown micro (4 x 128, about 0.8 M parameters)' },
  { value: 'policies/chain-nano', label: 'Chain nano' },
  { value: 'policies/chain-steps', label: 'Chain steps (sums of 4 to 6 numbers)' },
  {
    value: 'policies/chain-carry',
    label: 'Chain carry (forgets the carry in 4 of 10)',
  },
  {
    value: 'policies/chain-carry-rule',
    label: 'Chain carry as the rule (forgets it in 6 of 10)',
  },
  {
    value: 'policies/chain-carry-shown',
    label: 'Chain carry, reads a trace (forgets the carry in 4 of 10 without one)',
  },
  { value: 'policies/chain-dialects', label: 'Chain dialects (public and private, equally good)' },
  {
    value: 'policies/chain-private-better',
    label: 'Chain dialects (the private one slips less)',
  },
  { value: 'policies/chain-rare', label: 'Chain rare (one answer in ten is right)' },
  { value: 'policies/chain-chatter', label: 'Chain chatter (says more than it needs)' },
  { value: 'policies/chain-critic', label: 'Chain critic (answers, and judges pairs of answers)' },
  { value: 'policies/chain-critic-pico', label: 'Chain critic, small (2 x 32)' },
  { value: 'policies/chain-critic-deep', label: 'Chain critic, large (4 x 64)' },
  { value: 'policies/countdown-critic', label: 'Countdown critic (4 x 64, answers and judges)' },
  {
    value: 'policies/countdown-classic',
    label: 'Countdown classic (4 x 64, four numbers to 24, answers and judges)',
  },
  {
    value: 'policies/couplet-critic',
    label: 'Couplet critic (rhymes four times in ten, and judges pairs)',
  },
  { value: 'policies/chain-checks', label: 'Chain checks (chatters, and its checks find slips)' },
  {
    value: 'policies/hops-backwards',
    label: 'Hops backwards (reads a fact backwards in 4 of 10)',
  },
  { value: 'policies/word-micro', label: 'Word micro (4 x 64, stories of 1 or 2 steps)' },
];

/** A task's objection to settings that are each allowed but contradict each other; undefined where they agree. */
export function taskContradiction(config: TaskConfig): BatonError | undefined {
  return contradiction(() => createTask(config));
}

/** The same for a reward term. */
export function rewardContradiction(config: RewardConfig): BatonError | undefined {
  return contradiction(() => createRewards([config]));
}

/** Whether a task's answers can be judged. @throws BatonError `BadConfig` where its settings contradict each other */
export function isJudged(config: TaskConfig): boolean {
  return hasVerifier(createTask(config));
}

/** Whether a reward term, with its settings, must know right from wrong. */
export function needsVerifier({ term, ...options }: RewardConfig): boolean {
  // As in `createRewards`: the schema has paired each id with its own options.
  return (rewards[term] as unknown as RewardKind<Shape>).needsVerifier?.(options) ?? false;
}

/** Why a reward term cannot score a task's completions; undefined where it can. */
export function termObjection({ term }: RewardConfig, task: Task): string | undefined {
  return (rewards[term] as unknown as RewardKind<Shape>).objection?.(task);
}

function contradiction(create: () => unknown): BatonError | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    if (error instanceof BatonError && error.kind === 'BadConfig') return error;
    throw error;
  }
}
