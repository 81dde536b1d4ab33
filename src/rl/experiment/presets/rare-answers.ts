import {
  dialectEvaluation,
  dialectMethod,
  dialectReasons,
  dialectTask,
  PUBLIC_RECEIVER,
} from './dialects.ts';
import type { Preset } from './preset.ts';

/** Right answers so rare that the answer's reward mostly says nothing. */
export const rareAnswers: Preset = {
  id: 'rare-answers',
  label: 'Rare answers: RLTR against RLVR',
  question: 'What can be learned while hardly any answer is right?',
  experiment: {
    steps: 80,
    task: dialectTask,
    policy: 'policies/chain-rare',
    method: dialectMethod,
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'format', weight: 0.5 },
      {
        ...{ term: 'transfer', weight: 1, receivers: PUBLIC_RECEIVER, cuts: 2 },
        ...{ receiver_temperature: 0.3, reliability_questions: 0 },
      },
    ],
    evaluation: { ...dialectEvaluation, samples: 16 },
  },
  lead: 'RLTR',
  beside: [
    {
      label: 'RLVR',
      changes: { 'rewards.2.weight': 0 },
      what: 'RLVR is the same run, form included, with the transfer reward watched and not paid. So its reward is lower from the first step: compare accuracy and Maj@16.',
    },
  ],
  reasons: {
    ...dialectReasons,
    steps:
      'ours: as many as a class can wait for. On a software adapter they take some eight minutes.',
    policy:
      'ours: one dialect; its expert slipped at every second step, so that one answer in ten is right.',
    rewards:
      'RLTR (paper): answer, form and transfer. b = 1, two cuts and a receiver that hardly errs (temperature 0.3) are ours: there the transfer reward has most to say. The form asks for every step; the preset Leave it to the receiver shows why.',
    'evaluation.samples': 'ours: maj@16 is what the paper reports most of.',
  },
  expectation:
    'Expected before it was run: where hardly any answer is right, some of RLVR’s groups have no signal and teach nothing; under RLTR hardly any is silent. RLTR ends some 5 points of accuracy and 15 points of Maj@16 above RLVR, and needs fewer steps to get as far. A step takes longer, so look at both: steps and time. Seeds differ: in two of the eight, seed 1 among them, both runs end within 4 points of accuracy. On a software adapter the runs part after some six minutes and end after eight.',
  measured: {
    before: { accuracy: [0.113], maj_at_16: [0.26], tokens: [48.2], finished: [0.351] },
    after: {
      accuracy: [0.202, 0.258, 0.307, 0.306, 0.193, 0.318, 0.247, 0.287],
      maj_at_16: [0.39, 0.58, 0.63, 0.6, 0.32, 0.68, 0.43, 0.54],
      tokens: [48.8, 48.8, 48.8, 48.7, 48.8, 48.7, 48.7, 49],
      finished: [0.511, 0.537, 0.574, 0.574, 0.497, 0.572, 0.529, 0.524],
    },
    beside: [
      {
        accuracy: [0.196, 0.194, 0.181, 0.136, 0.156, 0.167, 0.122, 0.2],
        maj_at_16: [0.39, 0.33, 0.4, 0.29, 0.28, 0.34, 0.22, 0.42],
        tokens: [49.1, 49.3, 48.9, 49, 48.9, 48.7, 49, 48.9],
        // biome-ignore lint/suspicious/noApproximativeNumericConstant: the last one is measured, not a logarithm
        finished: [0.413, 0.407, 0.391, 0.344, 0.388, 0.369, 0.352, 0.434],
      },
    ],
    seeds: [1, 2, 3, 4, 5, 6, 7, 8],
    minutes: 2.9,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
