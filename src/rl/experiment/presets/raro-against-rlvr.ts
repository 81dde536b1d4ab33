import type { Differences, Preset } from './preset.ts';

/** What the presets with a critic share: sums of which two in three are right, and a policy that knows the critic's form and judges little better than chance. */
export const criticTask = {
  id: 'chain',
  min_terms: 3,
  max_terms: 4,
  largest_term: 9,
  answer_apart: true,
} as const satisfies Differences['task'];

/** An answer has two digits at most, and no verdict of the warm start is longer than 40 tokens: pair and verdict fit the policy's 128 positions. */
export const criticMethod = {
  name: 'raro',
  max_critic_length: 48,
  max_answer_length: 4,
  num_generations: 4,
  learning_rate: 2e-4,
  replay_share: 0.25,
} as const satisfies Differences['method'];

export const CRITIC_POLICY = 'policies/chain-critic';

export const criticReasons = {
  task: 'ours: three or four numbers, of which two answers in three are right at first, and the answer apart, so that a critic can be shown it alone.',
  policy:
    'ours: its warm start answers and judges. As a critic it works the sum out and writes both answers down beside it; four in ten of its verdicts follow from that, the others were drawn at random.',
  'method.name': 'ours: the question.',
  'method.max_critic_length':
    'ours: no verdict of the warm start is as long, and the policy has 128 positions for pair and verdict.',
  'method.max_answer_length': 'ours: an answer has two digits at most.',
  'method.num_generations':
    'ours: every answer is judged four times, so that a step has few answers and many verdicts.',
  'method.learning_rate':
    'ours: at 5e-4 a first trial lost most of its accuracy before the critic could see.',
  'method.replay_share': 'ours: half of the paper’s, for shorter steps.',
  'method.beta': 'RARO (paper): a little, in both roles.',
};

/** Learning from an expert's answers alone, beside what has a verifier and what has no reward. */
export const raroAgainstRlvr: Preset = {
  id: 'raro-against-rlvr',
  label: 'RARO against RLVR and SFT',
  question: 'How far does a policy come with an expert’s answers alone, and no verifier?',
  experiment: {
    steps: 100,
    task: criticTask,
    policy: CRITIC_POLICY,
    method: criticMethod,
    evaluation: { every: 20 },
  },
  lead: 'RARO',
  beside: [
    {
      label: 'RLVR',
      changes: {
        'method.name': 'grpo',
        'method.learning_rate': 4e-4,
        'method.loss_type': 'dr_grpo',
        'method.scale_rewards': 'none',
        'method.beta': 0.001,
      },
      what: 'RLVR is paid by the verifier, which the others do not have. It and SFT have the best of three learning rates.',
    },
    {
      label: 'SFT',
      changes: {
        'method.name': 'sft',
        'method.learning_rate': 1e-4,
        'method.target': 'answer',
      },
      what: 'SFT copies the expert’s answers, which come without reasoning.',
    },
    {
      label: 'Permuted',
      changes: { 'method.permuted': true },
      what: 'Permuted, the control, is RARO whose policy is paid as much, but shuffled among the answers to a question, so that it says nothing.',
    },
  ],
  reasons: {
    ...criticReasons,
    steps: 'ours: in trials outside of Baton the policies had parted by then.',
    'evaluation.every': 'ours: a step of RARO is long, and the evaluation adds to it.',
  },
  expectation:
    'Expected before it was run: the critic learns to tell wrong answers within some 50 steps and ties on right ones; the policy goes from two answers right in three to three in four, without a verifier. RLVR comes further, to 85 % or more. SFT on bare answers forgets to reason and falls far below where it began. The study found more: with RARO five answers in six are right at the end. The control was not run in it: its critic learns to see as well, but accuracy should stay where it began or fall a little.',
  measured: {
    before: { accuracy: [0.706] },
    after: {
      accuracy: [0.839, 0.846, 0.859, 0.836, 0.833],
      critic: [0.92, 0.921, 0.911, 0.93, 0.924],
    },
    beside: [
      { accuracy: [0.937, 0.932, 0.912, 0.931, 0.938] },
      { accuracy: [0.045, 0.043, 0.049, 0.043, 0.046] },
    ],
    seeds: [1, 2, 3, 4, 5],
    minutes: 2.7,
    allMinutes: 3.1,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
