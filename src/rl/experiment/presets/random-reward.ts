import { chatterMethod, chatterReasons, chatterTask } from './chatter.ts';
import type { Preset } from './preset.ts';

/** A reward that knows nothing, beside one that does. */
export const randomReward: Preset = {
  id: 'random-reward',
  label: 'A random reward',
  question: 'What does a run learn from a reward that knows nothing?',
  experiment: {
    steps: 100,
    task: chatterTask,
    policy: 'policies/chain-chatter',
    method: chatterMethod,
    rewards: [
      { term: 'answer', weight: 0 },
      { term: 'random', weight: 1 },
    ],
  },
  lead: 'Random',
  beside: [
    {
      label: 'GRPO',
      changes: { 'rewards.0.weight': 1, 'rewards.1.weight': 0 },
      what: 'GRPO is paid for right answers.',
    },
  ],
  reasons: {
    ...chatterReasons,
    steps: 'ours: as Chatter.',
    rewards: 'ours: a coin for each answer. The answer is watched and not paid.',
  },
  expectation:
    'Expected before it was run: nothing is learned. Accuracy, length and chatter wander a little and end where they were, or a little worse.',
};
