import type { Differences, Preset } from './preset.ts';

/** What the presets with chatter share. */
export const chatterTask = {
  id: 'chain',
  min_terms: 2,
  max_terms: 3,
  largest_term: 9,
  answer_apart: true,
} as const satisfies Differences['task'];

export const chatterMethod = {
  loss_type: 'dr_grpo',
  scale_rewards: 'none',
  num_generations: 8,
  prompts_per_step: 8,
  learning_rate: 1e-4,
  max_completion_length: 160,
} as const satisfies Differences['method'];

export const chatterReasons = {
  task: 'ours: easy sums, of which nearly all answers are right, so that they differ in little but chatter.',
  policy:
    'ours: its expert chattered at four levels, drawn whatever the question: fillers, steps said again, a second check of the whole.',
  'method.loss_type': 'SAR (code): sums over tokens, divided by the longest length.',
  'method.scale_rewards': 'SAR (code): none.',
  'method.max_completion_length': 'ours: no answer of the warm start is as long.',
};

/** Answers that say more than they need, and a reward that pays for saying less. */
export const chatter: Preset = {
  id: 'chatter',
  label: 'Chatter: SA-GRPO against GRPO',
  question: 'Do answers lose what says nothing, and nothing else?',
  experiment: {
    steps: 100,
    task: chatterTask,
    policy: 'policies/chain-chatter',
    method: chatterMethod,
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'sar', weight: 0.2 },
    ],
  },
  lead: 'SA-GRPO',
  beside: [
    {
      label: 'GRPO',
      changes: { 'rewards.1.weight': 0 },
      what: 'GRPO is the same run with the self-aligned reward watched and not paid.',
    },
    {
      label: 'Permuted',
      changes: { 'rewards.1.permuted': true },
      what: 'The control pays as much, but shuffled among the answers of a question, so that it says nothing.',
    },
  ],
  reasons: {
    ...chatterReasons,
    steps: 'ours: lengths part within 50.',
    rewards: 'SAR (code): the right answer, and 0.2 of R_SA. No reward for form.',
  },
  expectation:
    'Expected before it was run: answers under SA-GRPO are half as long after 100 steps, and a third shorter than under GRPO, at equal or better accuracy; what goes is chatter, which the question does not make more likely. The shuffled reward does as GRPO. A plain penalty on length does as well here: this task does not tell the two apart.',
  measured: {
    before: { accuracy: [0.869], tokens: [36.7], chatter: [0.626] },
    after: {
      accuracy: [0.909, 0.923, 0.921, 0.92, 0.902],
      tokens: [17.8, 18.2, 18.7, 17.1, 17.2],
      chatter: [0.252, 0.27, 0.293, 0.223, 0.227],
    },
    beside: [
      {
        accuracy: [0.901, 0.912, 0.899, 0.911, 0.906],
        tokens: [29.1, 30.4, 34.3, 24.4, 24.8],
        chatter: [0.533, 0.556, 0.602, 0.453, 0.465],
      },
      {
        accuracy: [0.91, 0.907, 0.917, 0.911, 0.909],
        tokens: [29.1, 29.9, 29.9, 25.1, 24.4],
        chatter: [0.535, 0.549, 0.549, 0.466, 0.455],
      },
    ],
    seeds: [1, 2, 3, 4, 5],
    minutes: 2.0,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
