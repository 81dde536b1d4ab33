import {
  dialectEvaluation,
  dialectMethod,
  dialectReasons,
  dialectTask,
  PUBLIC_RECEIVER,
} from './dialects.ts';
import type { Preset } from './preset.ts';

/** Two ways of writing, equally good for the answer: what does each reward prefer? */
export const twoDialects: Preset = {
  id: 'two-dialects',
  label: 'Two dialects: RLTR against RLVR',
  question: 'Which way of writing does a reward prefer, where the answer does not care?',
  experiment: {
    steps: 80,
    task: dialectTask,
    policy: 'policies/chain-dialects',
    method: dialectMethod,
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'transfer', weight: 0.5, receivers: PUBLIC_RECEIVER, reliability_questions: 0 },
    ],
    evaluation: dialectEvaluation,
  },
  lead: 'RLTR',
  beside: [
    {
      label: 'RLVR',
      changes: { 'rewards.1.weight': 0 },
      what: 'RLVR is the same run with the transfer reward watched and not paid.',
    },
    {
      label: 'Permuted',
      changes: { 'rewards.1.permuted': true },
      what: 'The control pays as much, but shuffled among the answers of a question, so that it says nothing.',
    },
  ],
  reasons: {
    ...dialectReasons,
    steps: 'ours: in pilot runs the dialects had parted by then.',
    policy:
      'ours: its warm start writes half of its answers in digits and half in letters, on purpose and whatever the question; both are as often right.',
    rewards:
      'RLTR (paper): answer and transfer. Its weights were not published; b = 0.5 is ours. No reward for form: both dialects have it.',
  },
  expectation:
    'Expected after pilot runs with another seed: under RLVR about half of the answers stay private, and a receiver that has never seen letters finishes fewer than half of all answers. Under RLTR nine in ten become public within 80 steps, that receiver finishes seven in ten, and accuracy is no worse. The shuffled reward does as RLVR: what counts is what the receiver can read.',
};
