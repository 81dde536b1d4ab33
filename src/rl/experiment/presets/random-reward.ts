import { carryReasons, carryRun, POLICY_STEPS } from './airl.ts';
import type { Preset } from './preset.ts';

/** A reward that knows nothing, beside one that does: what the learned rewards on the same sums have to be better than. */
export const randomReward: Preset = {
  id: 'random-reward',
  label: 'A random reward',
  question: 'What does a run learn from a reward that knows nothing?',
  experiment: {
    ...carryRun,
    steps: POLICY_STEPS,
    rewards: [
      { term: 'answer', weight: 0 },
      { term: 'random', weight: 1 },
    ],
  },
  lead: 'Random',
  beside: [
    {
      label: 'RLVR',
      changes: { 'rewards.0.weight': 1, 'rewards.1.weight': 0 },
      what: 'RLVR is paid for right answers.',
    },
  ],
  reasons: {
    ...carryReasons,
    steps: 'ours: as the presets with a learned reward on the same sums.',
    rewards: 'ours: a coin for each answer. The answer is watched and not paid.',
  },
  expectation:
    'Expected before it was run: nothing is learned; accuracy wanders a little and ends where it was, or a little worse. The study found just that: three seeds end 4 to 12 points below the start, and with the verifier more than nine in ten are right.',
  measured: {
    before: { accuracy: [0.438] },
    after: { accuracy: [0.397, 0.314, 0.371] },
    beside: [{ accuracy: [0.929, 0.926, 0.922] }],
    seeds: [1, 2, 3],
    minutes: 0.5,
    allMinutes: 2.0,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; each run alone, from the study',
  },
};
