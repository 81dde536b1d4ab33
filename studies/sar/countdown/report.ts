/** The report of the SAR study. */
import { percent, tokens } from '../../lib/format.ts';
import { type Block, subheading, text } from '../../lib/report.ts';
import { average, last, majAt, type Results } from '../../lib/results.ts';
import { armTable, curves, evaluatedColumn } from '../../lib/sections.ts';
import { kindsSection } from '../kinds.ts';
import { BASE, MAIN } from '../numbers.ts';
import { FAMILIES, type FamilyOf, pareto } from '../pareto-figure.ts';

/** Divided by the deviation, the same undivided, the same without R_SA; all at a higher learning rate. */
const COLLAPSE = ['fast-std', 'fast', 'fast-std-grpo'];

/** Plain GRPO and what ends far away from it: in one picture with the others, these could not be told apart. */
const FAR: readonly FamilyOf[] = [
  { name: 'GRPO', has: (arm) => arm === BASE },
  { name: 'far away', apart: true, has: (arm) => ['alone', ...COLLAPSE].includes(arm) },
];

export function countdownReport(results: Results): Block[] {
  return [
    subheading('Accuracy against length'),
    ...pareto(results, 'pareto', 'Accuracy against length', FAMILIES),
    ...pareto(results, 'pareto-relative', 'Accuracy and length against GRPO', FAMILIES, true),
    ...pareto(results, 'pareto-far', 'What ends far away: R_SA alone, and the collapse', FAR),
    subheading('After training'),
    ...armTable(results, [
      evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
      evaluatedColumn('Tokens', 'test', (e) => e.mean_length, tokens),
      evaluatedColumn('Tokens of right answers', 'test', (e) => e.mean_length_right, tokens),
      { head: 'R_SA at its floor, %', measure: average('rewards/sar/at_floor'), show: percent },
      { head: 'R_SA above 0.95, %', measure: average('rewards/sar/near_top'), show: percent },
      { head: 'Copied, %', measure: last('rewards/sar/copied', 5), show: percent },
    ]),
    text(
      'Accuracy, majority and tokens are those of the held-out evaluation. What R_SA does at its floor and near its top is a mean over all of training; what is copied from the question, over its last tenth.',
    ),
    ...kindsSection(results.probe),
    subheading('Over training'),
    ...curves(
      results,
      {
        name: 'training',
        title: 'GRPO and SA-GRPO over training',
        caption: 'Mean over seeds; bands are 95 % intervals.',
      },
      [BASE, MAIN, 'sar-100', 'alone'],
      [
        { title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 3 },
        { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 3 },
        {
          title: 'Length of right answers',
          unit: 'tokens',
          metric: 'eval/mean_length_right',
          window: 3,
        },
        { title: 'R_SA', metric: 'rewards/sar/mean', window: 3 },
      ],
    ),
    ...curves(
      results,
      {
        name: 'collapse',
        title: 'What dividing by the group’s deviation does',
        caption: 'Mean over seeds; bands are 95 % intervals.',
      },
      [BASE, ...COLLAPSE],
      [
        { title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 3 },
        { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 3 },
      ],
    ),
  ];
}
