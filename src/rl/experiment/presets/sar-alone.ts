import { chatterMethod, chatterReasons, chatterTask } from './chatter.ts';
import type { Preset } from './preset.ts';

/** The paper's own negative control. */
export const sarAlone: Preset = {
  id: 'sar-alone',
  label: 'R_SA alone: to the point, and wrong',
  question: 'What becomes of answers that are only paid for being to the point?',
  experiment: {
    steps: 100,
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
    steps: 'ours: as Chatter.',
    rewards:
      'SAR (paper): R_SA without the answer, as its authors’ negative control. The answer is watched.',
  },
  expectation:
    'Expected before it was run: R_SA rises to nearly 1 while accuracy falls, as in the paper: an answer that hangs on the question need not be right. The study found just that in three seeds of three, though R_SA ends at 0.75 to 0.9: answers of five to ten tokens without chatter, most of them wrong.',
  measured: {
    before: { accuracy: [0.869], tokens: [36.7], chatter: [0.626] },
    after: {
      accuracy: [0.104, 0.403, 0.303],
      tokens: [4.7, 10.3, 9.5],
      chatter: [0.031, 0.015, 0.018],
    },
    beside: [
      {
        accuracy: [0.909, 0.923, 0.921],
        tokens: [17.8, 18.2, 18.7],
        chatter: [0.252, 0.27, 0.293],
      },
    ],
    seeds: [1, 2, 3],
    minutes: 0.8,
    allMinutes: 3.1,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
