import {
  dialectEvaluation,
  dialectMethod,
  dialectReasons,
  dialectTask,
  PUBLIC_RECEIVER,
} from './dialects.ts';
import type { Preset } from './preset.ts';

/** The same choice where the answer does care: the private dialect slips less. */
export const privateBetter: Preset = {
  id: 'private-better',
  label: 'The private one is better: RLTR against RLVR',
  question: 'What happens to others who read along, where writing for oneself pays?',
  experiment: {
    steps: 80,
    task: dialectTask,
    policy: 'policies/chain-private-better',
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
  ],
  reasons: {
    ...dialectReasons,
    steps: 'ours: in pilot runs the dialects had parted by then.',
    policy:
      'ours: as in Two dialects, but its expert slipped at 14 % of public steps and at 5 % of private ones.',
    rewards: 'as Two dialects.',
  },
  expectation:
    'Expected after pilot runs with another seed: under RLVR accuracy rises and nearly all answers become private, so that others finish hardly any: the paper’s first finding. Under RLTR the answers become public and others finish them, at a price in accuracy that the weight of the transfer reward sets. Look at it beside Two dialects.',
  measured: {
    before: { accuracy: [0.568], public: [0.503], finished: [0.337] },
    after: {
      accuracy: [0.871, 0.868, 0.856, 0.873, 0.866],
      public: [0.961, 0.932, 0.949, 0.958, 0.952],
      finished: [0.844, 0.824, 0.826, 0.852, 0.838],
    },
    beside: [
      {
        accuracy: [0.926, 0.921, 0.911, 0.924, 0.92],
        public: [0.012, 0.005, 0.044, 0.001, 0.004],
        finished: [0.066, 0.051, 0.086, 0.047, 0.049],
      },
    ],
    seeds: [1, 2, 3, 4, 5],
    minutes: 3.8,
    adapter:
      'SwiftShader in Chromium on two cores, where both take turns and part within 40 steps. The numbers are the study’s, on Mesa llvmpipe',
  },
};
