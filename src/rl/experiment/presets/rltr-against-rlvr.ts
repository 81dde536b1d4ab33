import { countdownReasons } from './countdown.ts';
import type { Preset } from './preset.ts';

/** The transfer reward beside the same run without it and beside its control, on one chart. */
export const rltrAgainstRlvr: Preset = {
  id: 'rltr-against-rlvr',
  label: 'RLTR against RLVR',
  question: 'Does it help to pay for reasoning that another model can finish?',
  experiment: {
    steps: 120,
    task: { id: 'chain', min_terms: 4, max_terms: 6 },
    policy: 'policies/chain-steps',
    method: {
      loss_type: 'dr_grpo',
      scale_rewards: 'none',
      num_generations: 8,
      prompts_per_step: 8,
      learning_rate: 2e-4,
      max_completion_length: 64,
    },
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'format', weight: 0.1 },
      { term: 'transfer', weight: 0.25, receivers: 'policy' },
    ],
  },
  lead: 'RLTR',
  beside: [
    {
      label: 'RLVR',
      changes: { 'rewards.2.weight': 0 },
      what: 'RLVR is the same run with the transfer reward watched and not paid.',
    },
    {
      label: 'Permuted',
      changes: { 'rewards.2.permuted': true },
      what: 'Permuted, the control, is paid as much, but shuffled among the answers of a question, so that it says nothing.',
    },
  ],
  reasons: {
    steps: 'ours: enough for both to climb and to be told apart, if they can be.',
    task: 'ours: four to six numbers, so that an answer has at least three steps to be cut between.',
    policy: 'ours: the policy bundled for this length of sum.',
    'method.loss_type': countdownReasons['method.loss_type'],
    'method.scale_rewards': countdownReasons['method.scale_rewards'],
    'method.learning_rate': 'ours: half of what the Countdown presets take.',
    rewards:
      'RLTR (paper): answer, format and transfer. Their weights were not published: 1 and a tenth are ours; b, receiver and tries are those of the arm that the study’s rule chooses (docs/results/rltr.md).',
  },
  expectation:
    'All three climb. Totals differ because two are paid for more; compare the parts and the held-out accuracy. What RLTR gains over RLVR and Permuted does not is due to what the reward says. In the study RLTR and RLVR did not part on this task; the control, which it did not run here, should lie beside them. One seed cannot tell a small gain from luck.',
  measured: {
    before: { accuracy: [0.261] },
    after: { accuracy: [0.377, 0.398, 0.397] },
    beside: [{ accuracy: [0.362, 0.4, 0.378] }],
    seeds: [1, 2, 3],
    minutes: 1.3,
    allMinutes: 2.7,
    adapter: 'Mesa llvmpipe, two cores shared with other work; each run alone, from the study',
  },
};
