/** The report of a part on chains that chatter. */
import { percent, pointsOf, ratio, tokens, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { average, last, majAt, type Results } from '../lib/results.ts';
import { armTable, curves, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import { AT_EQUAL_LENGTH } from './equal-length.ts';
import { kindsSection } from './kinds.ts';
import { accuracy, BASE, chatterShare, length, MAIN } from './numbers.ts';
import { FAMILIES, type FamilyOf, pareto } from './pareto-figure.ts';

/** In one picture with the others these could not be told apart. */
const FAR: readonly FamilyOf[] = [
  { name: 'GRPO', has: (arm) => arm === BASE },
  { name: 'SA-GRPO', has: (arm) => arm === MAIN },
  { name: 'R_SA alone', apart: true, has: (arm) => arm === 'alone' },
];

/** Differences and ratios to plain GRPO: the controls' table. */
function againstGrpo(results: Results): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== BASE)
    .map(({ id, label }) => ({
      label,
      shorter: results.ratio(id, BASE, length),
      chatter: results.difference(id, BASE, chatterShare),
      right: results.difference(id, BASE, accuracy),
    }))
    .filter(({ shorter, chatter, right }) => shorter || chatter || right);
  if (rows.length === 0) return [];
  return [
    subheading('Each arm against GRPO'),
    text('Paired by seed. A control that carries no information should lie at 1 and at nought.'),
    table(
      ['Arm', 'Length, x', 'Chatter, points', 'Accuracy, points', 'Seeds'],
      rows.map(({ label, shorter, chatter, right }) => [
        label,
        withInterval(shorter, ratio),
        withInterval(chatter, pointsOf),
        withInterval(right, pointsOf),
        `${Math.max(...[shorter, chatter, right].map((one) => one?.n ?? 0))}`,
      ]),
    ),
  ];
}

function overTraining(
  results: Results,
  name: string,
  title: string,
  arms: readonly string[],
): Block[] {
  return curves(
    results,
    {
      name,
      title,
      caption:
        'Mean over seeds; bands are 95 % intervals. Held-out accuracy is a trailing mean over three evaluations; length, chatter and R_SA are of the answers that were trained on.',
    },
    arms,
    [
      { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 3 },
      { title: 'Chatter', unit: '%', times: 100, metric: 'chatter', window: 3 },
      { title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 3 },
      { title: 'R_SA', metric: 'rewards/sar/mean', window: 3 },
    ],
  );
}

export function chatterReport(results: Results): Block[] {
  return [
    ...overTraining(results, 'training', 'GRPO and SA-GRPO over training', [
      ...[BASE, MAIN, 'permuted', 'o1-010'],
    ]),
    ...pareto(results, 'pareto', 'Accuracy against length', FAMILIES),
    ...pareto(results, 'pareto-far', 'What ends far away: R_SA alone', FAR),
    text(AT_EQUAL_LENGTH),
    ...afterTraining(results),
    ...againstGrpo(results),
    ...overTraining(results, 'alone', 'R_SA alone over training', [BASE, MAIN, 'alone']),
    ...seedTable(
      results,
      [BASE, MAIN, 'o1-010', 'er-010'],
      [
        { head: 'right, %', measure: accuracy, show: percent },
        { head: 'tokens', measure: length, show: tokens },
      ],
    ),
    ...kindsSection(results.probe),
  ];
}

function afterTraining(results: Results): Block[] {
  const rows = armTable(results, [
    evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
    evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
    evaluatedColumn('Tokens', 'test', (e) => e.mean_length, tokens),
    evaluatedColumn('Tokens of right answers', 'test', (e) => e.mean_length_right, tokens),
    evaluatedColumn('Chatter, %', 'test', (e) => e.chatter, percent),
    { head: 'R_SA above 0.95, %', measure: average('rewards/sar/near_top'), show: percent },
    { head: 'Copied, %', measure: last('rewards/sar/copied', 5), show: percent },
  ]);
  return rows.length === 0 ? [] : [subheading('After training'), ...rows];
}
