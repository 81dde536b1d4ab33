import { airlReasons, airlRun } from './airl.ts';
import type { Preset } from './preset.ts';

/** The failure that learning in turns prevents. */
export const frozenReward: Preset = {
  id: 'frozen-reward',
  label: 'A frozen reward is hacked',
  question: 'What becomes of a policy whose learned reward no longer learns?',
  experiment: { ...airlRun, method: { ...airlRun.method, freeze_reward: true } },
  lead: 'Frozen',
  beside: [
    {
      label: 'AIRL',
      changes: { 'method.freeze_reward': false },
      what: 'In the second run the discriminator goes on learning against the policy.',
    },
  ],
  reasons: {
    ...airlReasons,
    'method.freeze_reward': 'AIRL (paper): the control that collapses.',
  },
  expectation:
    'Expected before it was run: the policy finds what the frozen reward pays by mistake. The reward rises, accuracy falls far below where it began, and a warning says so beside the samples that are paid most. Where the discriminator goes on learning, accuracy rises. The study found it in each of three seeds: from 44 to below 8 %.',
  measured: {
    before: { accuracy: [0.438] },
    after: { accuracy: [0.073, 0.054, 0.025] },
    beside: [{ accuracy: [0.701, 0.599, 0.607] }],
    seeds: [1, 2, 3],
    minutes: 3.7,
    allMinutes: 11.5,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; each run alone, from the study',
  },
};
