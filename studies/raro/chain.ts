/** RARO on chains: beside what has a verifier, what has an expert's answers alone, and its own ablations. */
import { percent, pointsOf, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { majAt, type Results } from '../lib/results.ts';
import { armTable, curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import type { StudyPart } from '../lib/study.ts';
import { tuningTable } from '../lib/tuning-table.ts';
import { ABLATIONS, ARMS, WITHOUT_CRITIC } from './chain-arms.ts';
import {
  accuracy,
  criticAccuracy,
  LATE,
  maj16,
  orderBias,
  RARO,
  RLVR,
  SFT,
  tieRate,
  tiesOnIdentical,
  unreadable,
} from './numbers.ts';
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
    ...game(results),
    ...afterTraining(results),
    ...againstRaro(results),
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

/** The critic over training. */
function game(results: Results): Block[] {
  return curves(
    results,
    {
      name: 'critic',
      title: 'The critic over training',
      caption:
        'Mean over seeds, trailing over 10 steps; bands are 95 % intervals. Right is of the verdicts on different answers that name one.',
    },
    [RARO, ...ABLATIONS],
    [
      { title: 'Critic right', unit: '%', times: 100, metric: 'critic/accuracy', window: 10 },
      { title: 'Ties', unit: '%', times: 100, metric: 'critic/tie_rate', window: 10 },
      { title: 'Policy’s reward', metric: 'rewards/policy/mean', window: 10 },
      { title: 'Critic’s reward', metric: 'rewards/critic/mean', window: 10 },
    ],
  );
}

function afterTraining(results: Results): Block[] {
  const rows = armTable(results, [
    evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
    evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
    { head: 'Critic right, %', measure: criticAccuracy, show: percent },
    { head: 'Ties, %', measure: tieRate, show: percent },
    { head: 'Ties on equal answers, %', measure: tiesOnIdentical, show: percent },
    { head: 'Order bias, points', measure: orderBias, show: pointsOf },
    { head: 'Unreadable, %', measure: unreadable, show: percent },
  ]);
  if (rows.length === 0) return [];
  return [
    subheading('After training'),
    ...rows,
    text(`Held-out questions. What is said of the critic is of the last ${LATE} steps.`),
  ];
}

/** Differences to RARO, paired by seed. */
function againstRaro(results: Results): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== RARO)
    .map(({ id, label }) => ({
      label,
      right: results.difference(id, RARO, accuracy),
      majority: results.difference(id, RARO, maj16),
    }))
    .filter(({ right }) => right !== undefined);
  if (rows.length === 0) return [];
  return [
    subheading('Each arm less RARO'),
    text('Paired by seed.'),
    table(
      ['Arm', 'Accuracy, points', 'Maj@16, points', 'Seeds'],
      rows.map(({ label, right, majority }) => [
        label,
        withInterval(right, pointsOf),
        withInterval(majority, pointsOf),
        `${right?.n ?? 0}`,
      ]),
    ),
  ];
}
