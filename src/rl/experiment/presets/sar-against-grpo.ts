import type { Preset } from './preset.ts';
import { sarObjective, sarReasons } from './sar.ts';

/** The self-aligned reward beside the same run without it and beside its control, as its authors train it. */
export const sarAgainstGrpo: Preset = {
  id: 'sar-against-grpo',
  label: 'SA-GRPO against GRPO',
  question:
    'Do answers get shorter, and no worse, when the model pays itself for being to the point?',
  experiment: {
    steps: 60,
    method: sarObjective,
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
    ...sarReasons,
    'method.scale_rewards':
      'SAR (code): none. Dividing by the group’s deviation makes R_SA full-size in a group without a right answer; the preset SAR collapse shows it.',
    steps: 'ours: lengths part within thirty. SAR (code) takes 500.',
    rewards: 'SAR (code): the right answer, and 0.2 of R_SA. No reward for form.',
  },
  expectation:
    'The paper sees answers a quarter shorter and a little more often right. Five seeds here saw neither: R_SA differs so little between answers that 0.2 of it hardly counts beside being right. The control, which the study did not run here, should lie beside both. Raise the weight and look at the Pareto chart: what SA-GRPO does and Permuted does not is due to what R_SA says.',
  measured: {
    before: { accuracy: [0.343], tokens: [41.2] },
    after: {
      accuracy: [0.364, 0.416, 0.439, 0.409, 0.413],
      tokens: [43.4, 43.8, 43.5, 43.6, 43.3],
    },
    beside: [
      { accuracy: [0.381, 0.423, 0.445, 0.4, 0.463], tokens: [44.1, 44.0, 44.2, 43.2, 42.9] },
    ],
    seeds: [1, 2, 3, 4, 5],
    minutes: 2.5,
    adapter: 'Mesa llvmpipe, one thread of two cores; each of the two runs alone, from the study',
  },
};
