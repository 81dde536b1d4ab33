/** AIRL on chains whose policy forgets carries: at four granularities, beside SFT and RLVR, and its controls. */
import { percent, plain, pointsOf, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import { majAt, type Results } from '../lib/results.ts';
import { armTable, curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { seedTable } from '../lib/seed-table.ts';
import type { StudyPart } from '../lib/study.ts';
import { ARMS } from './arms.ts';
import {
  accuracy,
  gapAtLast,
  LATE,
  largestFall,
  rewardRise,
  toldAtLast,
  toldAtWarmUp,
} from './numbers.ts';
import {
  airlMethod,
  carryTask,
  EVALUATION,
  GRANULARITIES,
  METRICS,
  POLICY_STEPS,
  RANDOM,
  RLVR,
  SEEDS,
  SFT,
  WARM_UP,
} from './setting.ts';

const STEPS = WARM_UP + POLICY_STEPS;

export const chain: StudyPart = {
  id: 'chain',
  title: 'Chains, a carry forgotten in 4 of 10',
  question: `Sums of four to six numbers. The policy’s warm start forgot a carry in 4 of 10 additions that have one; experts never do. In AIRL the discriminator learns alone for ${WARM_UP} steps, then both learn for ${POLICY_STEPS}. The arms without a discriminator make as many updates of the policy. SFT copies the experts’ traces, which here show every step; RLVR alone has the verifier.`,
  base: {
    steps: STEPS,
    task: carryTask,
    policy: 'policies/chain-carry',
    method: airlMethod,
    evaluation: { every: 20, prompts: 48, samples: 4 },
  },
  arms: ARMS,
  seeds: SEEDS,
  metrics: METRICS,
  evaluation: EVALUATION,
  report: (results) => airlReport(results, ['frozen', 'no-centring', 'switching']),
};

/**
 * What every part in which a policy learns reports.
 * @param controls drawn in a figure of their own
 * @param more arms that are drawn with the others
 */
export function airlReport(
  results: Results,
  controls: readonly string[] = [],
  more: readonly string[] = [],
): Block[] {
  const watched = [
    { title: 'Held-out accuracy', unit: '%', times: 100, metric: 'eval/accuracy' },
    { title: 'Reward', metric: 'rewards/learned/mean', window: 5 },
    {
      title: 'Told from experts',
      unit: '%',
      times: 100,
      metric: 'discriminator/accuracy',
      window: 5,
    },
  ];
  return [
    ...curves(
      results,
      {
        name: 'training',
        title: 'Over training',
        caption: `Mean over seeds; bands are 95 % intervals. The policy of AIRL stands still up to step ${WARM_UP}. Reward and share are trailing means over 5 steps.`,
      },
      [...GRANULARITIES, SFT, RLVR, RANDOM, ...more],
      watched,
    ),
    ...curves(
      results,
      {
        name: 'controls',
        title: 'Controls over training',
        caption: 'As above, beside the arm that they change.',
      },
      ['dense', ...controls],
      controls.length > 0 ? watched : [],
    ),
    ...afterTraining(results),
    ...againstDense(results),
    ...effects(results, {
      name: 'rivals',
      title: 'Accuracy after training, less that of AIRL, dense',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: 'dense',
      measure: accuracy,
    }),
    ...seedTable(
      results,
      [...GRANULARITIES, SFT, RLVR],
      [{ head: 'right, %', measure: accuracy, show: percent }],
    ),
  ];
}

function afterTraining(results: Results): Block[] {
  const rows = armTable(results, [
    evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
    evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
    { head: 'Largest fall, points', measure: largestFall, show: pointsOf },
    { head: 'Told before the policy learns, %', measure: toldAtWarmUp, show: percent },
    { head: 'Told at the end, %', measure: toldAtLast, show: percent },
    { head: 'Gap at the end', measure: gapAtLast, show: plain },
    { head: 'Reward, rise', measure: rewardRise, show: plain },
  ]);
  return [
    subheading('After training'),
    ...rows,
    text(
      `Held-out questions. The largest fall is of held-out accuracy during the run, below the best before it. Told is how often the discriminator tells the policy’s traces from experts’, one half by guessing; the end is the last ${LATE} steps. The rise of the reward is from the policy’s first steps to its last.`,
    ),
  ];
}

function againstDense(results: Results): Block[] {
  const rows = results.arms.filter(({ id }) => id !== 'dense' && results.has('dense'));
  if (rows.length === 0) return [];
  return [
    subheading('Each arm less AIRL, dense'),
    text('Accuracy after training, points, paired by seed.'),
    table(
      ['Arm', 'Accuracy', 'Seeds'],
      rows.flatMap(({ id, label }) => {
        const less = results.difference(id, 'dense', accuracy);
        return less ? [[label, withInterval(less, pointsOf), `${less.n}`]] : [];
      }),
    ),
  ];
}
