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
      what: 'Permuted, the control, is paid as much, but shuffled among the answers of a question, so that it says nothing.',
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
    'Expected after pilot runs with another seed: under RLVR about half of the answers stay private, and a receiver that has never seen letters finishes fewer than half of all answers. Under RLTR nine in ten become public within 80 steps, that receiver finishes seven in ten, and accuracy is no worse. Permuted does as RLVR: what counts is what the receiver can read. Five seeds then showed more than was expected: under RLVR most answers become private. In a page on a software adapter the three runs part within two minutes and end after ten.',
  measured: {
    before: { accuracy: [0.499], public: [0.492], finished: [0.37] },
    after: {
      accuracy: [0.738, 0.748, 0.751, 0.686, 0.642],
      public: [0.891, 0.876, 0.899, 0.876, 0.891],
      finished: [0.694, 0.701, 0.74, 0.669, 0.672],
    },
    beside: [
      {
        accuracy: [0.774, 0.736, 0.778, 0.776, 0.722],
        public: [0.064, 0.136, 0.334, 0.188, 0.215],
        finished: [0.111, 0.165, 0.326, 0.191, 0.215],
      },
      {
        accuracy: [0.77, 0.752, 0.741],
        public: [0.186, 0.241, 0],
        finished: [0.221, 0.259, 0.068],
      },
    ],
    seeds: [1, 2, 3, 4, 5],
    minutes: 2.6,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
