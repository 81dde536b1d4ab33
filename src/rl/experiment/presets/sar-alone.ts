import { chatterMethod, chatterReasons, chatterTask } from './chatter.ts';
import type { Preset } from './preset.ts';

/** The paper's own negative control. */
export const sarAlone: Preset = {
  id: 'sar-alone',
  label: 'R_SA alone: to the point, and wrong',
  question: 'What becomes of answers that are only paid for being to the point?',
  experiment: {
    steps: 150,
    task: chatterTask,
    policy: 'policies/chain-chatter',
    method: chatterMethod,
    rewards: [
      { term: 'answer', weight: 0 },
      { term: 'sar', weight: 1 },
    ],
  },
  lead: 'R_SA alone',
  beside: [
    {
      label: 'SA-GRPO',
      changes: { 'rewards.0.weight': 1, 'rewards.1.weight': 0.2 },
      what: 'The second run is paid for right answers, and 0.2 of R_SA beside.',
    },
  ],
  reasons: {
    ...chatterReasons,
    rewards:
      'SAR (paper): R_SA without the answer, as its authors’ negative control. The answer is watched.',
  },
  expectation:
    'Expected before it was run: R_SA rises to nearly 1 while accuracy falls, as in the paper: an answer that hangs on the question need not be right.',
};
