import type { Preset } from './preset.ts';
import { sarObjective, sarReasons } from './sar.ts';

/** The self-aligned reward where it destroys a policy, to know the look of it. */
export const sarCollapse: Preset = {
  id: 'sar-collapse',
  label: 'SAR collapse: R_SA at full size',
  question: 'What does the self-aligned reward do to a group without a right answer?',
  experiment: {
    steps: 100,
    objective: { ...sarObjective, scale_rewards: 'group' },
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'sar', weight: 0.3 },
    ],
  },
  reasons: {
    ...sarReasons,
    steps: 'ours: SAR (code) takes 500.',
    rewards: 'ours: 0.3 of R_SA, where SAR (code) pays 0.2.',
  },
  expectation:
    'A group without a right answer is ranked by R_SA alone, and dividing by its deviation makes that as large as right against wrong. Answers get short, and accuracy falls.',
};
