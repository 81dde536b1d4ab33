import {
  airlEvaluation,
  airlMethod,
  airlReasons,
  CARRY_POLICY,
  carryTask,
  POLICY_STEPS,
  WARM_UP,
} from './airl.ts';
import type { Preset } from './preset.ts';

/** The failure that learning in turns prevents. */
export const frozenReward: Preset = {
  id: 'frozen-reward',
  label: 'A frozen reward is hacked',
  question: 'What becomes of a policy whose learned reward no longer learns?',
  experiment: {
    steps: WARM_UP + POLICY_STEPS,
    task: carryTask,
    policy: CARRY_POLICY,
    method: { ...airlMethod, freeze_reward: true },
    evaluation: airlEvaluation,
  },
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
    'Expected before it was run: the policy finds what the frozen reward pays by mistake. The reward rises, accuracy falls far below where it began, and a warning says so beside the samples that are paid most. Where the discriminator goes on learning, accuracy rises.',
};
