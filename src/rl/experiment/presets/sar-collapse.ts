import type { Preset } from './preset.ts';
import { sarObjective, sarReasons } from './sar.ts';

/** The self-aligned reward where it destroys a policy, beside the same run where it does not. */
export const sarCollapse: Preset = {
  id: 'sar-collapse',
  label: 'SAR collapse: R_SA at full size',
  question: 'What does the self-aligned reward do to a group without a right answer?',
  experiment: {
    steps: 60,
    method: {
      ...sarObjective,
      prompts_per_step: 12,
      scale_rewards: 'group',
      learning_rate: 1e-3,
    },
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'sar', weight: 0.3 },
    ],
    evaluation: { every: 30 },
  },
  lead: 'Divided',
  beside: [
    {
      label: 'Not divided',
      changes: { 'method.scale_rewards': 'none' },
      what: 'The second run does not divide the advantage by the group’s deviation, as SAR (code) does not.',
    },
  ],
  reasons: {
    ...sarReasons,
    'method.prompts_per_step': 'ours: what the Countdown presets take.',
    'method.learning_rate':
      'ours: more than twice the other presets’, on purpose. At their 4e-4 nothing broke within 88 steps of one seed.',
    steps: 'ours: it is over by then.',
    rewards: 'ours: 0.3 of R_SA, where SAR (code) pays 0.2.',
    'evaluation.every': 'ours: the middle and the end are enough.',
  },
  expectation:
    'A group without a right answer is ranked by R_SA alone, and dividing by its deviation makes that as large as right against wrong. Answers shrink to two tokens, R_SA goes to 1, and accuracy to 0.',
  measured: {
    before: { accuracy: [0.348], tokens: [44.6] },
    after: { accuracy: [0], tokens: [2] },
    beside: [{ accuracy: [0.281], tokens: [44.7] }],
    seeds: [1],
    minutes: 6,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; the runs one after the other',
  },
};
