/** Sections that every part of the RARO study has. */
import { percent, pointsOf, type Show, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { type Measure, majAt, type Results } from '../lib/results.ts';
import { armTable, type Column, curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import {
  accuracy,
  criticAccuracy,
  criticAtFirst,
  FIRST,
  LATE,
  maj16,
  orderBias,
  RARO,
  tieRate,
  tiesOnIdentical,
  unreadable,
} from './numbers.ts';
import { tournamentSection } from './tournament.ts';

/** The critic over training. */
export function game(results: Results, arms: readonly string[]): Block[] {
  return curves(
    results,
    {
      name: 'critic',
      title: 'The critic over training',
      caption:
        'Mean over seeds, trailing over 10 steps; bands are 95 % intervals. Right is of the verdicts on different answers that name one.',
    },
    arms,
    [
      { title: 'Critic right', unit: '%', times: 100, metric: 'critic/accuracy', window: 5 },
      { title: 'Ties', unit: '%', times: 100, metric: 'critic/tie_rate', window: 5 },
      { title: 'Policy’s reward', metric: 'rewards/policy/mean', window: 5 },
      { title: 'Critic’s reward', metric: 'rewards/critic/mean', window: 5 },
    ],
  );
}

/** @param columns what the part measures of the answers */
export function afterTraining(results: Results, columns: readonly Column[]): Block[] {
  const rows = armTable(results, [
    ...columns,
    { head: 'Critic right at first, %', measure: criticAtFirst, show: percent },
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
    text(
      `Held-out questions. What is said of the critic is of the last ${LATE} steps, and at first of the first ${FIRST}. Right is of its verdicts on different answers that name one.`,
    ),
  ];
}

/** What is compared with RARO's. */
export interface Compared {
  readonly head: string;
  readonly measure: Measure;
  readonly show: Show;
}

/** Differences to RARO, paired by seed. */
export function againstRaro(results: Results, compared: readonly Compared[]): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== RARO)
    .map(({ id, label }) => ({
      label,
      less: compared.map(({ measure }) => results.difference(id, RARO, measure)),
    }))
    .filter(({ less }) => less[0] !== undefined);
  if (rows.length === 0) return [];
  return [
    subheading('Each arm less RARO'),
    text('Paired by seed.'),
    table(
      ['Arm', ...compared.map(({ head }) => head), 'Seeds'],
      rows.map(({ label, less }) => [
        label,
        ...less.map((value, i) => withInterval(value, compared[i].show)),
        `${less[0]?.n ?? 0}`,
      ]),
    ),
  ];
}

/** What a part with a verifier reports: accuracy over training, the game, what came out, the tournament. */
export function watchedReport(
  results: Results,
  arms: {
    /** Whose accuracy over training is drawn. */
    readonly drawn: readonly string[];
    /** Those with a critic that are drawn and play a tournament. */
    readonly critics: readonly string[];
    readonly players: readonly string[];
    /** Told seed by seed. */
    readonly told: readonly string[];
  },
): Block[] {
  return [
    ...curves(
      results,
      {
        name: 'training',
        title: 'Held-out accuracy over training',
        caption: 'Mean over seeds; bands are 95 % intervals. No arm but RLVR sees the verifier.',
      },
      arms.drawn,
      [{ title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 1 }],
    ),
    ...game(results, arms.critics),
    ...afterTraining(results, [
      evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
    ]),
    ...againstRaro(results, [
      { head: 'Accuracy, points', measure: accuracy, show: pointsOf },
      { head: 'Maj@16, points', measure: maj16, show: pointsOf },
    ]),
    ...tournamentSection(results, arms.players),
    ...effects(results, {
      name: 'rivals',
      title: 'Accuracy after training, less RARO’s',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: RARO,
      measure: accuracy,
    }),
    ...seedTable(results, arms.told, [
      { head: 'right, %', measure: accuracy, show: percent },
      { head: 'critic right, %', measure: criticAccuracy, show: percent },
    ]),
  ];
}
