/** RARO on chains: beside what has a verifier, what has an expert's answers alone, and its own ablations. */
import { percent, pointsOf } from '../lib/format.ts';
import { majAt } from '../lib/results.ts';
import { curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import type { StudyPart } from '../lib/study.ts';
import { tuningTable } from '../lib/tuning-table.ts';
import { ARMS, WITHOUT_CRITIC } from './chain-arms.ts';
import { accuracy, criticAccuracy, maj16, RARO, RLVR, SFT } from './numbers.ts';
import { afterTraining, againstRaro, game } from './sections.ts';
import { base, EVALUATION, METRICS, SEEDS } from './setting.ts';
import { tournamentSection } from './tournament.ts';

export const chain: StudyPart = {
  id: 'chain',
  title: 'Chains',
  question:
    'Sums of three or four numbers, of which the policy gets two in three right. There is an expert’s answer to every question, without its steps. The policy knows the critic’s form from its warm start, where four in ten of its verdicts followed its own comparison and the others were drawn at random. All arms make the same number of updates on the same questions. RLVR alone has the verifier. Arms without a critic are each tried at three learning rates; RARO and all that is changed in it keep 2e-4, which a pilot with seed 11 found good, so the search favours the others.',
  base,
  arms: ARMS,
  seeds: SEEDS,
  tuning: { learning_rates: [1e-4, 2e-4, 4e-4], seed: 11, arms: WITHOUT_CRITIC },
  metrics: METRICS,
  evaluation: EVALUATION,
  report: (results) => [
    ...tuningTable(chain, results),
    ...curves(
      results,
      {
        name: 'training',
        title: 'Held-out accuracy over training',
        caption: 'Mean over seeds; bands are 95 % intervals. No arm but RLVR sees the verifier.',
      },
      [RARO, RLVR, SFT, 'logit', 'dpo-answers'],
      [{ title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 1 }],
    ),
    ...game(results, [RARO, 'no-tie', 'blind', 'separate', 'no-replay']),
    ...afterTraining(results, [
      evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
    ]),
    ...againstRaro(results, [
      { head: 'Accuracy, points', measure: accuracy, show: pointsOf },
      { head: 'Maj@16, points', measure: maj16, show: pointsOf },
    ]),
    ...tournamentSection(results, [RARO, 'no-tie']),
    ...effects(results, {
      name: 'rivals',
      title: 'Accuracy after training, less RARO’s',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: RARO,
      measure: accuracy,
    }),
    ...seedTable(
      results,
      [RARO, RLVR, SFT, 'no-tie'],
      [
        { head: 'right, %', measure: accuracy, show: percent },
        { head: 'critic right, %', measure: criticAccuracy, show: percent },
      ],
    ),
  ],
};
