/** The report of the RLTR study. */
import type { Claim } from './claims.ts';
import { percent, plain, pointsOf, ratio, tokens, withInterval } from './format.ts';
import type { RawEvaluation, RawRun } from './raw.ts';
import { type Block, claimsTable, figure, heading, table, text } from './report.ts';
import {
  average,
  evaluated,
  evaluationOf,
  firstStepAt,
  last,
  type Measure,
  majAt,
  passAt,
  points,
  type Results,
  scratchOf,
  transferTo,
} from './results.ts';
import { armTable, curves, effects, evaluatedColumn, kCurves } from './sections.ts';
import { estimate, ratioEstimate } from './statistics.ts';
import { lineFigure } from './svg/line-chart.ts';

const BASE = 'rlvr';
const MAIN = 'rltr';
/** Held-out accuracy is smoothed over this many evaluations before a level counts as reached. */
const WINDOW = 3;
const TRANSFER = 'rewards/transfer/mean';
/** The same on held-out questions, by the policy as it was before the run. */
const HELD_OUT = 'eval/transfer/policy';
/** Losing less than this is keeping, for pass@k. */
const KEPT = -0.02;
/** A step may take this much longer before it is called dearer. */
const DEARER = 0.1;

const testAccuracy = evaluated('test', (e) => e.accuracy);
const maj64 = evaluated('test', majAt(64));
const pass64 = evaluated('test', passAt(64));
const oodAccuracy = evaluated('ood', (e) => e.accuracy);
const oodMaj64 = evaluated('ood', majAt(64));

/** The model that training began from, as a receiver. */
const policyOf = ({ study }: Results) => study.base.policy ?? '';

interface Race {
  /** How many times fewer. */
  readonly fewer: number;
  readonly reached: boolean;
}

/**
 * Steps that RLVR took to its own last accuracy over those that the arm took to it, both on smoothed curves. An arm that never
 * gets there counts as if it had at its last step, which is better than it did.
 */
function race(run: RawRun, base: RawRun): Race | undefined {
  const own = base.series['eval/accuracy'];
  const level = points(own, WINDOW).at(-1)?.[1];
  if (level === undefined) return undefined;
  const baseStep = firstStepAt(own, level, WINDOW);
  const step = firstStepAt(run.series['eval/accuracy'], level, WINDOW);
  if (!baseStep || step === 0) return undefined;
  return { fewer: baseStep / (step ?? run.steps), reached: step !== undefined };
}

/** Every arm's race against RLVR of the same seed. */
function races(results: Results, arm: string): Race[] {
  return results.runs
    .filter((run) => run.arm === arm)
    .flatMap((run) => {
      const base = results.runs.find((one) => one.arm === BASE && one.seed === run.seed);
      return (base && race(run, base)) ?? [];
    });
}

const speedUp = (results: Results, arm: string) =>
  ratioEstimate(races(results, arm).map(({ fewer }) => fewer));

/** Time of the rewards beside the rest of the step, within one run: what else the machine did bears on both. */
const overhead: Measure = ({ timing: { phases } }) => {
  const rest = Object.entries(phases).reduce(
    (sum, [name, seconds]) => sum + (name === 'score' ? 0 : seconds),
    0,
  );
  return rest > 0 && phases.score !== undefined ? phases.score / rest : undefined;
};

function claims(results: Results): Claim[] {
  const handed = transferTo(policyOf(results));
  const between = (measure: Measure, arm = MAIN, base = BASE) =>
    results.difference(arm, base, measure);
  return [
    {
      text: 'Maj@64 is higher than under RLVR',
      paper: '+3.6 points (MATH-500)',
      ours: between(maj64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'RLVR’s accuracy is reached in fewer steps',
      paper: 'about 2.5 x fewer',
      ours: speedUp(results, MAIN),
      show: ratio,
      unit: 'x',
      direction: 1,
      border: 1,
    },
    {
      text: 'Transferability falls under RLVR (after training less before, to a receiver as strong as the start)',
      paper: 'falls, late',
      ours: results.mean(BASE, results.sinceStart('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: -1,
      border: 0,
    },
    {
      text: 'Transferability rises under RLTR',
      paper: 'rises',
      ours: results.mean(MAIN, results.sinceStart('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Transferability is higher than under RLVR',
      paper: 'higher',
      ours: between(evaluated('test', handed)),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Maj@16 falls under RLVR (after training less before)',
      paper: '81.2 to 80.2',
      ours: results.mean(BASE, results.sinceStart('test', majAt(16))),
      show: pointsOf,
      unit: 'points',
      direction: -1,
      border: 0,
    },
    {
      text: 'Maj@16 rises under RLTR',
      paper: 'rises',
      ours: results.mean(MAIN, results.sinceStart('test', majAt(16))),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'A larger b gains more Maj@64 (b = 1 less b = 0.25)',
      paper: 'more',
      ours: between(maj64, 'b100', 'b025'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'A more capable receiver gains more Maj@64 (stronger less weaker)',
      paper: 'more',
      ours: between(maj64, 'strong', 'weak'),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'The gain in accuracy stays out of distribution',
      paper: '89.1 to 92.0 (GSM8K)',
      ours: between(oodAccuracy),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'The gain in Maj@64 stays out of distribution',
      paper: '92.7 to 94.2 (GSM8K)',
      ours: between(oodMaj64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: 0,
    },
    {
      text: 'Pass@64 is kept',
      paper: 'kept',
      ours: between(pass64),
      show: pointsOf,
      unit: 'points',
      direction: 1,
      border: KEPT,
    },
    {
      text: 'A step takes hardly longer',
      paper: '+7 %',
      ours: results.mean(MAIN, overhead),
      show: percent,
      unit: '%',
      direction: -1,
      border: DEARER,
    },
  ];
}

/** Steps to equal accuracy, arm by arm. */
function raceTable(results: Results): Block[] {
  const rows = results.arms
    .filter(({ id }) => id !== BASE)
    .flatMap(({ id, label }) => {
      const all = races(results, id);
      if (all.length === 0) return [];
      const reached = all.filter((one) => one.reached).length;
      return [
        [label, withInterval(speedUp(results, id), ratio, 'x'), `${reached} of ${all.length}`],
      ];
    });
  if (rows.length === 0) return [];
  return [
    heading('Steps to equal accuracy'),
    text(
      `The level is RLVR’s own held-out accuracy at the end, of the same seed, as a trailing mean over ${WINDOW} evaluations. The number is how many times fewer steps the arm needed to its first such mean at that level than RLVR to its own; above 1 is faster. A seed that never gets there counts with its last step, and so as at most 1.`,
    ),
    table(['Arm', 'Times fewer steps', 'Seeds that got there'], rows),
  ];
}

/** Right finishes of held-out answers against the cut, after training and before it. */
function heldOutByCut(
  results: Results,
  receivers: readonly (readonly [string, string])[],
): Block[] {
  const curve = (all: readonly RawEvaluation[], receiver: string) =>
    Array.from({ length: 10 }, (_, bucket) => bucket).flatMap((bucket) => {
      const rates = all.flatMap(
        ({ transfer }) =>
          transfer?.receivers.find((own) => own.receiver === receiver)?.success[bucket] ?? [],
      );
      const mean = estimate(rates);
      return mean ? [{ x: (bucket + 0.5) / 10, ...mean }] : [];
    });
  const tests = (owners: readonly { readonly evaluations: readonly RawEvaluation[] }[]) =>
    owners.flatMap((owner) => evaluationOf(owner, 'test') ?? []);
  const panels = receivers.map(([id, name]) => ({
    title: `Finished by ${name}`,
    unit: '%',
    times: 100,
    within: [0, 1] as const,
    x: 'cut' as const,
    lines: [
      ...[BASE, MAIN].map((arm, slot) => ({
        name: results.label(arm),
        points: curve(tests(results.runs.filter((run) => run.arm === arm)), id),
        slot,
      })),
      { name: 'before training', points: curve(tests(results.starts), id), slot: 4 },
    ].filter(({ points }) => points.length > 0),
  }));
  const drawn = lineFigure(
    'cut-held-out',
    'Right finishes against the cut, held out',
    'By the tenth in which the answer was cut. Mean over seeds; bands are 95 % intervals; before training is one model.',
    panels,
  );
  return drawn ? [figure(drawn)] : [];
}

/** Right finishes of the trained models' answers, by who finishes them. */
function handing(results: Results): Block[] {
  const receivers = results.study.evaluation?.receivers ?? [];
  const own = policyOf(results);
  const name = (id: string) => (id === own ? 'the start' : id.slice(id.indexOf('/') + 1));
  const rows = armTable(
    results,
    receivers.map((id) => evaluatedColumn(`${name(id)}, %`, 'test', transferTo(id), percent)),
  );
  if (rows.length === 0) return [];
  const scratch = results.starts.flatMap((start) => {
    const found = start.evaluations.find(({ split }) => split === 'test');
    return receivers.flatMap((id) => {
      const alone = found && scratchOf(id)(found);
      return alone === undefined ? [] : [`${name(id)} ${percent(alone)} %`];
    });
  });
  return [
    heading('Handing over'),
    text(
      `How many of the answers to held-out questions, cut anywhere, another model finishes rightly: mean over tau in (0, 1]. Without any prefix they do, on the same questions: ${scratch.join(', ')}. An arm’s own receiver is known to it, the others are not.`,
    ),
    ...rows,
    ...heldOutByCut(
      results,
      receivers.map((id) => [id, name(id)]),
    ),
    ...effects(results, {
      name: 'transferability',
      title: 'Right finishes by the start, less those under RLVR',
      axis: 'points',
      caption: 'Held-out questions; 95 % intervals over seeds, paired.',
      base: BASE,
      measure: evaluated('test', transferTo(own)),
    }),
  ];
}

/** Transferability against the cut in the last fifth of training. */
function byCut(results: Results): Block[] {
  const drawn = lineFigure(
    'cut',
    'Transferability against the cut',
    'Right finishes by the share of the answer that the receiver was shown, over the last fifth of training, on training questions.',
    [
      {
        title: 'Right finishes',
        unit: '%',
        times: 100,
        x: 'cut',
        lines: [BASE, MAIN, 'strong', 'weak']
          .filter((id) => results.has(id))
          .map((id) => ({
            name: results.label(id),
            points: Array.from({ length: 10 }, (_, bucket) => bucket).flatMap((bucket) => {
              const mean = results.mean(id, last(`rewards/transfer/tau_${bucket}`, 10));
              return mean ? [{ x: (bucket + 0.5) / 10, ...mean }] : [];
            }),
          })),
      },
    ],
  );
  return drawn ? [figure(drawn)] : [];
}

function reward(results: Results): Block[] {
  const columns = armTable(results, [
    { head: 'Right finishes, %', measure: average(TRANSFER), show: percent },
    { head: 'From scratch, %', measure: average('rewards/transfer/scratch'), show: percent },
    { head: 'Leakage, %', measure: average('rewards/transfer/leakage'), show: percent },
    { head: 'Within-group std', measure: average('rewards/transfer/group_std'), show: plain },
    { head: 'Reliability', measure: average('rewards/transfer/icc'), show: plain },
    { head: 'Time of the rewards, % of the rest', measure: overhead, show: percent },
  ]);
  if (columns.length === 0) return [];
  return [
    heading('The transfer reward itself'),
    text(
      'Means over all of training. From scratch is what the receiver does on the same questions without any prefix. Leakage is the share of prefixes that hold the right answer already. Reliability is the intraclass correlation between two tries at the same answer, within a question: 1 where the reward says something about the answer, 0 where it is the receiver’s luck. The last column is the time of all rewards against the rest of the step, the tries from scratch and the second tries for reliability among it.',
    ),
    ...columns,
    ...byCut(results),
  ];
}

export function rltrReport(results: Results): Block[] {
  const main = [BASE, MAIN];
  return [
    heading('What the paper found, and here'),
    ...claimsTable(claims(results)),
    heading('After training'),
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
    heading('Over training'),
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
      [BASE, MAIN, 'strong', 'weak', 'tries4'],
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
    ...raceTable(results),
    heading('Many answers'),
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
  ];
}
