/** The report of the SAR study. */
import type { Claim } from '../../lib/claims.ts';
import { percent, pointsOf, ratio, tokens } from '../../lib/format.ts';
import { overhead } from '../../lib/overhead.ts';
import type { RawRun } from '../../lib/raw.ts';
import { type Block, claimsTable, figure, subheading, text } from '../../lib/report.ts';
import { average, evaluated, last, type Measure, majAt, type Results } from '../../lib/results.ts';
import { armTable, curves, evaluatedColumn } from '../../lib/sections.ts';
import { type Estimate, estimate, meanOf } from '../../lib/statistics.ts';
import { type Family, scatterFigure } from '../../lib/svg/scatter-chart.ts';
import { atLength, type Trade } from '../pareto.ts';
import { kindsSection } from './kinds.ts';

const BASE = 'grpo';
/** The weight of the official code. */
const MAIN = 'sar-020';
/** R_SA may take this share of the rest of a step before it is called dear. */
const DEARER = 0.05;

const accuracy = evaluated('test', (e) => e.accuracy);
const length = evaluated('test', (e) => e.mean_length);
/** Divided by the deviation, the same undivided, the same without R_SA; all at a higher learning rate. */
const COLLAPSE = ['fast-std', 'fast', 'fast-std-grpo'];

interface FamilyOf {
  readonly name: string;
  readonly has: (arm: string) => boolean;
  readonly apart?: true;
}

const FAMILIES: readonly FamilyOf[] = [
  { name: 'GRPO', has: (arm) => arm === BASE },
  { name: 'SA-GRPO', has: (arm) => /^sar-\d+$/.test(arm) },
  { name: 'O1 penalty', has: (arm) => arm.startsWith('o1-') },
  { name: 'ER penalty', has: (arm) => arm.startsWith('er-') },
  {
    name: 'others',
    apart: true,
    has: (arm) => ['confidence', 'ppo', 'ppo-sar-020'].includes(arm),
  },
];

function trade(run: RawRun): Trade | undefined {
  const a = accuracy(run);
  const l = length(run);
  return a === undefined || l === undefined ? undefined : { accuracy: a, length: l };
}

/** SA-GRPO's accuracy less that of a penalty at the same length: per seed the mean over the alphas that can be compared. */
function aboveAtEqualLength(results: Results, penalty: string): Estimate | undefined {
  const perSeed = results.seeds.flatMap((seed) => {
    const own = results.runs.filter((run) => run.seed === seed);
    // Plain GRPO is the penalty with weight 0.
    const family = own
      .filter(({ arm }) => arm === BASE || arm.startsWith(penalty))
      .flatMap((run) => trade(run) ?? []);
    const above = own
      .filter(({ arm }) => FAMILIES[1].has(arm))
      .flatMap((run) => trade(run) ?? [])
      .flatMap((one) => {
        const there = atLength(family, one.length);
        return there === undefined ? [] : [one.accuracy - there];
      });
    return above.length > 0 ? [meanOf(above)] : [];
  });
  return estimate(perSeed);
}

function claims(results: Results): Claim[] {
  return [
    {
      text: 'Accuracy rises a little against GRPO (α = 0.2)',
      paper: '1.02 x (four models)',
      ours: results.ratio(MAIN, BASE, accuracy),
      show: ratio,
      unit: 'x',
      direction: 1,
      border: 1,
    },
    {
      text: 'Answers get shorter (α = 0.2)',
      paper: '0.70 to 0.76 x',
      ours: results.ratio(MAIN, BASE, length),
      show: ratio,
      unit: 'x',
      direction: -1,
      border: 1,
    },
    {
      text: 'Accuracy rises a little against PPO (α = 0.2)',
      paper: 'rises',
      ours: results.ratio('ppo-sar-020', 'ppo', accuracy),
      show: ratio,
      unit: 'x',
      direction: 1,
      border: 1,
    },
    {
      text: 'Answers get shorter than under PPO (α = 0.2)',
      paper: 'shorter',
      ours: results.ratio('ppo-sar-020', 'ppo', length),
      show: ratio,
      unit: 'x',
      direction: -1,
      border: 1,
    },
    {
      text: 'More accurate than the O1 penalty at equal length',
      paper: 'above',
      ours: aboveAtEqualLength(results, 'o1-'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'More accurate than the ER penalty at equal length',
      paper: 'above',
      ours: aboveAtEqualLength(results, 'er-'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'More accurate than with confidence instead',
      paper: '+1.6 points (Qwen3-4B)',
      ours: results.difference(MAIN, 'confidence', accuracy),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Alone it loses accuracy',
      paper: '69.1 to 21.0 % (Qwen3-4B)',
      ours: results.difference('alone', BASE, accuracy),
      show: pointsOf,
      unit: 'points',
      direction: -1,
      border: 0,
    },
    {
      text: 'Alone it makes answers very short',
      paper: '0.08 x (1031 to 84 tokens)',
      ours: results.ratio('alone', BASE, length),
      show: ratio,
      unit: 'x',
      direction: -1,
      border: 0.5,
    },
    {
      text: 'A step does not take longer: time of R_SA beside the rest of the step',
      paper: 'not longer in all',
      ours: results.mean(MAIN, overhead),
      show: percent,
      unit: '%',
      direction: -1,
      border: DEARER,
    },
  ];
}

/** Plain GRPO and what ends far away from it: in one picture with the others, these could not be told apart. */
const FAR: readonly FamilyOf[] = [
  { name: 'GRPO', has: (arm) => arm === BASE },
  { name: 'far away', apart: true, has: (arm) => ['alone', ...COLLAPSE].includes(arm) },
];

/** Accuracy against length, absolute or against plain GRPO of the same seed. */
function pareto(
  results: Results,
  name: string,
  title: string,
  of: readonly FamilyOf[],
  relative = false,
): Block[] {
  const value = (arm: string, measure: Measure) =>
    relative ? results.ratio(arm, BASE, measure) : results.mean(arm, measure);
  const families: Family[] = of.map(({ name, has, apart }) => ({
    name,
    ...(apart && { apart }),
    points: results.arms
      .filter(({ id }) => has(id))
      .flatMap(({ id, label }) => {
        const x = value(id, length);
        const y = value(id, accuracy);
        // The key names the family; beside the point its weight is enough.
        const weight = /, (?:α = )?([\d.]+)$/.exec(label)?.[1];
        return x && y ? [{ label: apart ? label : (weight ?? label), x, y }] : [];
      }),
  }));
  const drawn = scatterFigure(
    name,
    'Up and to the left is better. One point an arm, with 95 % intervals over seeds; a line joins the weights of one reward.',
    {
      title,
      xTitle: relative ? 'length, % of GRPO’s' : 'mean length, tokens',
      yTitle: relative ? 'accuracy, % of GRPO’s' : 'accuracy, %',
      families,
      yTimes: 100,
      ...(relative && { xTimes: 100, origin: [1, 1] as const }),
    },
  );
  return drawn ? [figure(drawn)] : [];
}

export function countdownReport(results: Results): Block[] {
  return [
    subheading('What the paper found, and here'),
    ...claimsTable(claims(results)),
    text(
      'At equal length: the accuracy of a penalty at the length of an SA-GRPO run is read off the straight lines between the penalty’s weights (0, which is GRPO, among them) of the same seed; lengths outside of them are left out. A seed’s number is the mean over the alphas that could be compared. Time is compared within a run, since what else the machine did bears on the whole of it; that answers may get shorter is not in it.',
    ),
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
    subheading('Kinds of answers'),
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
