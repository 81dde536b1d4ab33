/** What the report says of reward models alone: choosing, finding, judging, and all three away from home. */
import { estimate } from '../../src/rl/over-seeds.ts';
import { percent, plain, pointsOf, withInterval } from '../lib/format.ts';
import { type Block, figure, subheading, table, text } from '../lib/report.ts';
import type { Results } from '../lib/results.ts';
import { lineFigure, type Panel } from '../lib/svg/line-chart.ts';
import { MOST } from './asked.ts';
import { chosen, chosenLess, hit, judgesOf, over, type Which } from './judge-numbers.ts';
import { WORLDS, type World } from './worlds.ts';

const CHOOSERS = [
  ['one_sample', 'one sample'],
  ['majority', 'majority vote'],
  ['log_probability', 'own log-probability'],
  ['reward_weighted_vote', 'vote weighted by the reward'],
  ['mean', 'reward, mean'],
  ['last', 'reward, last'],
  ['late_weighted', 'reward, late-weighted'],
  ['minimum', 'reward, least'],
  ['any', 'any right'],
] as const;

const DRAWN = ['one_sample', 'majority', 'log_probability', 'mean', 'minimum', 'any'];

const FINDERS = [
  ['chance', 'chance'],
  ['entropy', 'entropy'],
  ['log_probability', 'own log-probability'],
  ['lowest_reward', 'lowest reward'],
  ['largest_drop', 'largest drop'],
] as const;

const measured = (results: Results, { id }: World) => judgesOf(results, { from: id }).length > 0;

/** Every reward model that was trained at home: world and granularity. */
function homes(results: Results): { readonly world: World; readonly which: Required<Which> }[] {
  return WORLDS.flatMap((world) =>
    world.granularities.map((granularity) => ({
      world,
      which: { from: world.id, on: world.id, granularity },
    })),
  ).filter(({ which }) => judgesOf(results, which).length > 0);
}

export function rerankSection(results: Results): Block[] {
  const panels = WORLDS.filter((world) => measured(results, world)).map((world): Panel => {
    const judges = judgesOf(results, { from: world.id });
    const sizes = judges[0].rerank.map(({ n }) => n);
    return {
      ...{ title: world.label, unit: '%', times: 100, within: [0, 1], x: 'k' },
      lines: CHOOSERS.filter(([id]) => DRAWN.includes(id)).map(([id, name]) => ({
        name,
        points: sizes.flatMap((x) => {
          const mean = estimate(judges.flatMap((judge) => chosen(id, x)(judge) ?? []));
          return mean ? [{ x, ...mean }] : [];
        }),
      })),
    };
  });
  const drawn = lineFigure(
    'rerank',
    'Right by the number of answers from which one is chosen',
    'Rewards read at every token. Means over the seeds of the reward models, which all choose from the same answers; bands are 95 % intervals.',
    panels,
  );
  return [
    subheading(`Choosing one of ${MOST} answers`),
    ...(drawn ? [figure(drawn)] : []),
    table(
      ['The policy’s mistake', 'Read', ...CHOOSERS.map(([, name]) => `${name}, %`)],
      homes(results).map(({ world, which }) => [
        ...[world.label, which.granularity],
        ...CHOOSERS.map(([id]) => shown(results, which, chosen(id))),
      ]),
    ),
  ];
}

/** A mean over models, in per cent; what does not depend on the model has no spread. */
function shown(results: Results, which: Which, read: Parameters<typeof over>[2]): string {
  const found = over(results, which, read);
  if (!found) return '–';
  const spread = found.low === null || found.high === null ? 1 : found.high - found.low;
  return spread < 1e-9 ? percent(found.mean) : withInterval(found, percent);
}

export function findSection(results: Results): Block[] {
  const rows = (traces: 'natural' | 'injected') =>
    homes(results).map(({ world, which }) => [
      ...[world.label, which.granularity],
      `${judgesOf(results, which)[0][traces].traces}`,
      ...FINDERS.map(([id]) => shown(results, which, hit(id, traces))),
    ]);
  const head = ['The policy’s mistake', 'Read', 'Traces', ...FINDERS.map(([, n]) => `${n}, %`)];
  return [
    subheading('Finding the first wrong step'),
    text(
      'The policy’s own wrong answers: how often a finder’s first pick is the first wrong step.',
    ),
    table(head, rows('natural')),
    text('Experts’ traces with one injected error:'),
    table(head, rows('injected')),
  ];
}

export function judgeSection(results: Results): Block[] {
  return [
    subheading('Telling right answers from wrong ones'),
    text(
      'AUROC of the mean logit of an answer, beside that of the policy’s own mean log-probability; one half is chance. The calibration error is that of sigmoid(mean logit) as the probability of being right.',
    ),
    table(
      ['The policy’s mistake', 'Read', 'AUROC, reward', 'AUROC, own', 'Calibration error'],
      homes(results).map(({ world, which }) => [
        ...[world.label, which.granularity],
        withInterval(
          over(results, which, ({ auroc }) => auroc),
          plain,
        ),
        withInterval(
          over(results, which, (one) => one.auroc_log_probability),
          plain,
        ),
        withInterval(
          over(results, which, (one) => one.calibration_error),
          plain,
        ),
      ]),
    ),
  ];
}

/** A reward model of each row, used on the answers of each column. */
export function transferSection(results: Results): Block[] {
  const worlds = WORLDS.filter((world) => measured(results, world));
  return [
    subheading('Used elsewhere'),
    text(
      `Rows: against which policy the reward was learned, read at every token. Columns: whose answers it chooses from. Numbers are points gained over one sample by the mean reward among ${MOST} answers.`,
    ),
    table(
      ['Learned against', ...worlds.map(({ label }) => label)],
      worlds.map((home) => [
        home.label,
        ...worlds.map((on) =>
          withInterval(
            over(results, { from: home.id, on: on.id }, chosenLess('mean', 'one_sample')),
            pointsOf,
          ),
        ),
      ]),
    ),
  ];
}
