/** RARO beside RLVR in three sizes of one policy: does the distance stay? */
import type { Arm } from '../lib/design.ts';
import { percent, pointsOf, withInterval } from '../lib/format.ts';
import type { RawEvaluation } from '../lib/raw.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import type { Results } from '../lib/results.ts';
import { curves, evaluatedColumn } from '../lib/sections.ts';
import type { StudyPart } from '../lib/study.ts';
import { accuracy } from './numbers.ts';
import { asOnChains, verified } from './rivals.ts';
import { afterTraining } from './sections.ts';
import { base, EVALUATION, FEW, METRICS } from './setting.ts';

/** Policies of the same recipe, which differ in their size alone. */
const SIZES = [
  { size: 'small', policy: 'policies/chain-critic-pico', what: '2 × 32' },
  { size: 'middle', policy: 'policies/chain-critic', what: '2 × 64' },
  { size: 'large', policy: 'policies/chain-critic-deep', what: '4 × 64' },
] as const;

const [rlvr] = asOnChains([verified]);

const arms = SIZES.flatMap(({ size, policy, what }): Arm[] => [
  { id: `raro-${size}`, label: `RARO, ${what}`, change: { policy } },
  { id: `rlvr-${size}`, label: `RLVR, ${what}`, change: { ...rlvr.change, policy } },
]);

const right = (e: RawEvaluation) => e.accuracy;

/** What each method adds to each size. */
function bySize(results: Results): Block[] {
  const gain = results.sinceStart('test', right);
  const rows = SIZES.filter(({ size }) => results.has(`raro-${size}`)).map(({ size, what }) => [
    what,
    withInterval(results.mean(`raro-${size}`, gain), pointsOf),
    withInterval(results.mean(`rlvr-${size}`, gain), pointsOf),
    withInterval(results.difference(`raro-${size}`, `rlvr-${size}`, accuracy), pointsOf),
  ]);
  if (rows.length === 0) return [];
  return [
    subheading('What is gained at each size'),
    table(['Layers × width', 'RARO adds', 'RLVR adds', 'RARO less RLVR'], rows),
    text('Points of held-out accuracy. The last column is paired by seed.'),
  ];
}

export const sizes: StudyPart = {
  id: 'sizes',
  title: 'Three sizes',
  question:
    'The sums of the part above, and three policies with the same warm start: two layers of width 32, two of 64, four of 64. A larger policy begins better, so what RARO adds is read beside what RLVR adds to the same policy.',
  base: { ...base, steps: 60 },
  arms,
  seeds: FEW,
  metrics: METRICS,
  evaluation: {
    splits: EVALUATION.splits,
    prompts: EVALUATION.prompts,
    samples: EVALUATION.samples,
  },
  report: (results) => [
    ...curves(
      results,
      {
        name: 'training',
        title: 'Held-out accuracy over training',
        caption: 'Mean over seeds; bands are 95 % intervals.',
      },
      arms.map(({ id }) => id),
      [{ title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy', window: 1 }],
    ),
    ...afterTraining(results, [evaluatedColumn('Accuracy, %', 'test', right, percent)]),
    ...bySize(results),
  ],
};
