/** The report of the RLTR study. */
import { percent, tokens } from '../../lib/format.ts';
import { type Block, subheading } from '../../lib/report.ts';
import { majAt, passAt, type Results } from '../../lib/results.ts';
import { armTable, curves, effects, evaluatedColumn, kCurves } from '../../lib/sections.ts';
import { raceTable, WINDOW } from '../race.ts';
import { choice } from './choice.ts';
import { handing } from './handing.ts';
import { BASE, MAIN, maj64, TRANSFER, testAccuracy } from './measures.ts';
import { reward } from './reward.ts';

/** Transferability on held-out questions, to the policy as it was before the run. */
const HELD_OUT = 'eval/transfer/policy';

export function stepsReport(results: Results): Block[] {
  const main = [BASE, MAIN];
  return [
    subheading('After training'),
    ...armTable(results, [
      evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@64, %', 'test', majAt(64), percent),
      evaluatedColumn('Pass@64, %', 'test', passAt(64), percent),
      evaluatedColumn('Accuracy ood, %', 'ood', (e) => e.accuracy, percent),
      evaluatedColumn('Maj@64 ood, %', 'ood', majAt(64), percent),
      evaluatedColumn('Tokens', 'test', (e) => e.mean_length, tokens),
    ]),
    ...effects(results, {
      name: 'maj64',
      title: 'Maj@64 after training, less that of RLVR',
      axis: 'points',
      caption:
        'Held-out questions; 95 % intervals over seeds, paired. The dashed line is the paper’s.',
      base: BASE,
      measure: maj64,
      paper: 0.036,
    }),
    ...effects(results, {
      name: 'accuracy',
      title: 'Accuracy after training, less that of RLVR',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: BASE,
      measure: testAccuracy,
    }),
    ...handing(results),
    subheading('Over training'),
    ...curves(
      results,
      {
        name: 'training',
        title: 'RLVR and RLTR over training',
        caption: `Mean over seeds; bands are 95 % intervals. Held-out numbers are trailing means over ${WINDOW} evaluations; transferability is that of training questions with the arm’s own receiver.`,
      },
      main,
      [
        {
          title: 'Held-out accuracy',
          unit: '%',
          times: 100,
          metric: 'eval/accuracy',
          window: WINDOW,
        },
        { title: 'Held-out maj@8', unit: '%', times: 100, metric: 'eval/maj_at_8', window: WINDOW },
        { title: 'Right finishes', unit: '%', times: 100, metric: TRANSFER, window: 5 },
        {
          title: 'Held-out right finishes, by the start',
          unit: '%',
          times: 100,
          metric: HELD_OUT,
          window: WINDOW,
        },
        { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 5 },
      ],
    ),
    ...curves(
      results,
      {
        name: 'b',
        title: 'The weight b over training',
        caption: 'Mean over seeds; bands are 95 % intervals.',
      },
      [BASE, MAIN, 'b025', 'b100'],
      [
        {
          title: 'Held-out accuracy',
          unit: '%',
          times: 100,
          metric: 'eval/accuracy',
          window: WINDOW,
        },
        { title: 'Right finishes', unit: '%', times: 100, metric: TRANSFER, window: 5 },
      ],
    ),
    ...curves(
      results,
      {
        name: 'receivers',
        title: 'Receivers and tries over training',
        caption:
          'Mean over seeds; bands are 95 % intervals. Each arm’s right finishes are those of its own receiver.',
      },
      [BASE, MAIN, 'strong', 'weak', 'tries4', 'shared-tau', 'cool'],
      [
        {
          title: 'Held-out accuracy',
          unit: '%',
          times: 100,
          metric: 'eval/accuracy',
          window: WINDOW,
        },
        { title: 'Right finishes', unit: '%', times: 100, metric: TRANSFER, window: 5 },
      ],
    ),
    ...raceTable(results, BASE),
    subheading('Many answers'),
    ...kCurves(
      results,
      {
        name: 'k',
        title: 'Maj@k and pass@k, held out',
        caption: 'After training, and before it (one model, no band). Logarithmic in k.',
        split: 'test',
      },
      main,
    ),
    ...kCurves(
      results,
      {
        name: 'k-ood',
        title: 'Maj@k and pass@k, one number more than ever trained on',
        caption: 'After training, and before it (one model, no band). Logarithmic in k.',
        split: 'ood',
      },
      main,
    ),
    ...reward(results),
    ...choice(results),
  ];
}
