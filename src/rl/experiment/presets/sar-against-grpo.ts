import type { Preset } from './preset.ts';
import { sarObjective, sarReasons } from './sar.ts';

/** The self-aligned reward beside the same run without it, as its authors train it. */
export const sarAgainstGrpo: Preset = {
  id: 'sar-against-grpo',
  label: 'SA-GRPO against GRPO',
  question:
    'Do answers get shorter, and no worse, when the model pays itself for being to the point?',
  experiment: {
    steps: 60,
    objective: sarObjective,
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'sar', weight: 0.2 },
    ],
  },
  against: {
    labels: ['SA-GRPO', 'GRPO'],
    changes: { 'rewards.1.weight': 0 },
    what: 'GRPO is the same run with the self-aligned reward watched and not paid.',
  },
  reasons: {
    ...sarReasons,
    'objective.scale_rewards':
      'SAR (code): none. Dividing by the group’s deviation makes R_SA full-size in a group without a right answer; the preset SAR collapse shows it.',
    steps: 'ours: lengths part within thirty. SAR (code) takes 500.',
    rewards: 'SAR (code): the right answer, and 0.2 of R_SA. No reward for form.',
  },
  expectation:
    'Completions of SA-GRPO get shorter than those of GRPO, and accuracy climbs about alike. The Pareto chart shows both runs as points.',
  measured: {
    before: [0.348],
    after: [0.488],
    tokens: { before: [44.6], after: [41.3] },
    seeds: [1],
    minutes: 9.1,
    adapter: 'Mesa llvmpipe, two cores shared with much other work; the SA-GRPO run alone',
  },
};
