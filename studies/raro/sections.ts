/** Sections that every part of the RARO study has. */
import { percent, pointsOf, type Show, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import type { Measure, Results } from '../lib/results.ts';
import { armTable, type Column, curves } from '../lib/sections.ts';
import {
  criticAccuracy,
  LATE,
  orderBias,
  RARO,
  tieRate,
  tiesOnIdentical,
  unreadable,
} from './numbers.ts';

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
