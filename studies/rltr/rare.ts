/** Right answers so rare that the answer's reward often says nothing. */
import { percent } from '../lib/format.ts';
import { average, majAt } from '../lib/results.ts';
import { curves, effects, evaluatedColumn, kCurves } from '../lib/sections.ts';
import type { StudyPart } from '../lib/study.ts';
import { tuningTable } from '../lib/tuning-table.ts';
import { maj16 } from './numbers.ts';
import { raceTable, WINDOW } from './race.ts';
import { base, EVALUATION, EVERY_STEP, METRICS, paid, SEEDS, transfer } from './setting.ts';
import { afterTraining, againstRlvr, bySeed } from './tables.ts';

/** The transfer reward where it has most to say: two cuts, and a receiver that hardly errs by itself. */
export const STRONG = { weight: 1, cuts: 2, receiver_temperature: 0.3 } as const;

const ARMS = ['rlvr', 'rltr'];

export const rare: StudyPart = {
  id: 'rare',
  title: 'Rare answers',
  question:
    'One dialect, chains so long and slips so many that one answer in ten is right. In half of the groups all answers are wrong, and a reward for right answers says nothing there; a receiver that finishes from the right half of an answer does. Both arms pay for a form that asks for every step. Each is tried at the same learning rates first, and run at the one that its own trials chose. After five seeds the majorities were a hair from being told apart (+16.6 points, −0.4 to +33.6), so three more seeds were run, once, and all eight count.',
  base: {
    ...base('policies/chain-rare', 80),
    evaluation: { every: 20, prompts: 64, samples: 8 },
  },
  arms: [
    // Not watched here: the time of a step is compared.
    { id: 'rlvr', label: 'RLVR and the form', change: paid(EVERY_STEP) },
    { id: 'rltr', label: 'RLTR and the form', change: paid(EVERY_STEP, transfer(STRONG)) },
  ],
  // After five the majorities were a hair from being told apart (+16.6 points, −0.4 to +33.6). Three more were run, once.
  seeds: [...SEEDS, 6, 7, 8],
  tuning: { learning_rates: [2e-4, 4e-4], seed: 11 },
  metrics: METRICS,
  evaluation: { ...EVALUATION, splits: ['test', 'ood'] },
  report: (results) => [
    ...tuningTable(rare, results),
    ...curves(
      results,
      {
        name: 'training',
        title: 'RLVR and RLTR over training',
        caption: `Mean over seeds; bands are 95 % intervals. Held-out numbers are trailing means over ${WINDOW} evaluations.`,
      },
      ARMS,
      [
        {
          title: 'Held-out accuracy',
          unit: '%',
          times: 100,
          metric: 'eval/accuracy',
          window: WINDOW,
        },
        { title: 'Held-out Maj@8', unit: '%', times: 100, metric: 'eval/maj_at_8', window: WINDOW },
        {
          title: 'Groups without a signal',
          unit: '%',
          times: 100,
          metric: 'frac_reward_zero_std',
          window: 5,
        },
        { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 5 },
      ],
    ),
    ...afterTraining(results, [
      evaluatedColumn('Accuracy ood, %', 'ood', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@16 ood, %', 'ood', majAt(16), percent),
      {
        head: 'Groups without a signal, %',
        measure: average('frac_reward_zero_std'),
        show: percent,
      },
    ]),
    ...againstRlvr(results, 'rlvr'),
    ...effects(results, {
      name: 'maj16',
      title: 'Maj@16 after training, less that of RLVR',
      axis: 'points',
      caption:
        'Held-out questions; 95 % intervals over seeds, paired. The dashed line is the paper’s, of Maj@64.',
      base: 'rlvr',
      measure: maj16,
      paper: 0.036,
    }),
    ...raceTable(results, 'rlvr', true),
    ...kCurves(
      results,
      {
        name: 'k',
        title: 'Maj@k and pass@k, held out',
        caption: 'After training, and before it (one model, no band). Logarithmic in k.',
        split: 'test',
      },
      ARMS,
    ),
    ...bySeed(results, ARMS, [{ head: 'Maj@16, %', measure: maj16, show: percent }]),
  ],
};
