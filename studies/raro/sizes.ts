/** RARO beside RLVR in three sizes of one policy: does the distance stay? */
import type { Arm } from '../lib/design.ts';
import { percent, pointsOf, withInterval } from '../lib/format.ts';
import type { RawEvaluation } from '../lib/raw.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { curves, evaluatedColumn } from '../lib/sections.ts';
import type { ResultsOf, StudyPart } from '../lib/study.ts';
import { accuracy, RARO, RLVR } from './numbers.ts';
import { asOnChains, verified } from './rivals.ts';
import { afterTraining } from './sections.ts';
import { base, EVALUATION, FEW, METRICS } from './setting.ts';

/** Policies of the same recipe, which differ in their size alone; the middle one is that of the part on chains. */
const SIZES = [
  { part: 'sizes', ids: ['raro-small', 'rlvr-small'], what: '2 × 32' },
  { part: 'chain', ids: [RARO, RLVR], what: '2 × 64' },
  { part: 'sizes', ids: ['raro-large', 'rlvr-large'], what: '4 × 64' },
] as const;

const [rlvr] = asOnChains([verified]);

const both = (size: string, policy: string, what: string): Arm[] => [
  { id: `raro-${size}`, label: `RARO, ${what}`, change: { policy } },
  { id: `rlvr-${size}`, label: `RLVR, ${what}`, change: { ...rlvr.change, policy } },
];

const arms = [
  ...both('small', 'policies/chain-critic-pico', '2 × 32'),
  ...both('large', 'policies/chain-critic-deep', '4 × 64'),
];

const right = (e: RawEvaluation) => e.accuracy;

/** What each method adds to each size. */
function bySize(of: ResultsOf): Block[] {
  const rows = SIZES.filter(({ part, ids: [raro] }) => of(part).has(raro)).map(
    ({ part, ids: [raro, other], what }) => {
      const results = of(part);
      const gain = results.sinceStart('test', right);
      return [
        what,
        withInterval(results.mean(raro, gain), pointsOf),
        withInterval(results.mean(other, gain), pointsOf),
        withInterval(results.difference(raro, other, accuracy), pointsOf),
      ];
    },
  );
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
    'The sums of the part above, and three policies with the same warm start: two layers of width 32, two of 64 (those above), four of 64. A larger policy begins better, so what RARO adds is read beside what RLVR adds to the same policy.',
  base,
  arms,
  seeds: FEW,
  metrics: METRICS,
  evaluation: {
    splits: EVALUATION.splits,
    prompts: EVALUATION.prompts,
    samples: EVALUATION.samples,
  },
  report: (results, of) => [
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
    ...bySize(of),
  ],
};
