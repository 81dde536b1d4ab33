/** Tables and figures that several of the new parts have. */
import { percent, pointsOf, tokens, withInterval } from '../lib/format.ts';
import { type Block, subheading, table, text } from '../lib/report.ts';
import {
  type Measure,
  majAt,
  passAt,
  type Results,
  scratchOf,
  transferOf,
  transferTo,
} from '../lib/results.ts';
import { armTable, type Column, curves, effects, evaluatedColumn } from '../lib/sections.ts';
import { type SeedColumn, seedTable } from '../lib/seed-table.ts';
import { accuracy, handedUnseen, maj16, publicShare } from './numbers.ts';
import { WINDOW } from './race.ts';
import { PUBLIC, UNSEEN } from './setting.ts';

const nameOf = (id: string) => id.slice(id.indexOf('/') + 1);

const dialectColumn = (head: string, id: string): Column =>
  evaluatedColumn(head, 'test', ({ dialects }) => dialects?.[id]?.share, percent);

/** Columns of the parts in which dialects compete. */
export const DIALECT_COLUMNS: readonly Column[] = [
  dialectColumn('Public, %', 'public'),
  dialectColumn('Private, %', 'private'),
  evaluatedColumn('Finished of the public, %', 'test', transferOf(UNSEEN, 'public'), percent),
  evaluatedColumn('Finished of the private, %', 'test', transferOf(UNSEEN, 'private'), percent),
];

/** Transferability, and what it is never shown without: accuracy and length, with the receivers' own rates below. */
const AFTER_TRAINING: readonly Column[] = [
  evaluatedColumn('Accuracy, %', 'test', (e) => e.accuracy, percent),
  evaluatedColumn('Maj@16, %', 'test', majAt(16), percent),
  evaluatedColumn('Pass@16, %', 'test', passAt(16), percent),
  evaluatedColumn(`Finished by ${nameOf(PUBLIC)}, %`, 'test', transferTo(PUBLIC), percent),
  evaluatedColumn(`Finished by ${nameOf(UNSEEN)}, %`, 'test', transferTo(UNSEEN), percent),
  evaluatedColumn('Tokens', 'test', (e) => e.mean_length, tokens),
];

/** What every arm came to, with the receivers' own rates. */
export function afterTraining(results: Results, more: readonly Column[] = []): Block[] {
  const rows = armTable(results, [...AFTER_TRAINING, ...more]);
  if (rows.length === 0) return [];
  const own = results.starts.flatMap(({ evaluations }) =>
    evaluations.flatMap((one) => {
      const rates = [PUBLIC, UNSEEN].flatMap((id) => {
        const rate = scratchOf(id)(one);
        return rate === undefined ? [] : [`${nameOf(id)} ${percent(rate)} %`];
      });
      return one.split === 'test' && rates.length > 0 ? [rates.join(', ')] : [];
    }),
  );
  const alone =
    own.length > 0
      ? ` Without any prefix the receivers are right, on the same questions: ${own.join('; ')}.`
      : '';
  return [
    subheading('After training'),
    ...rows,
    text(
      `Held-out questions. Finished is the share of right finishes of answers that are cut anywhere, mean over tau in (0, 1]; ${nameOf(UNSEEN)} never trains, and what is finished of one dialect is finished by it.${alone}`,
    ),
  ];
}

/** Differences to RLVR of every arm that has some: the controls' table. @param more columns that stand first */
export function againstRlvr(
  results: Results,
  base: string,
  more: readonly (readonly [string, Measure])[] = [],
): Block[] {
  const columns: readonly (readonly [string, Measure])[] = [
    ...more,
    [`Finished by ${nameOf(UNSEEN)}, points`, handedUnseen],
    ['Accuracy, points', accuracy],
    ['Maj@16, points', maj16],
  ];
  const rows = results.arms
    .filter(({ id }) => id !== base)
    .map(({ id, label }) => ({
      label,
      values: columns.map(([, measure]) => results.difference(id, base, measure)),
    }))
    .filter(({ values }) => values.some((value) => value !== undefined));
  if (rows.length === 0) return [];
  return [
    subheading('Each arm less RLVR'),
    text('Paired by seed. A control that carries no information should lie at nought.'),
    table(
      ['Arm', ...columns.map(([head]) => head), 'Seeds'],
      rows.map(({ label, values }) => [
        label,
        ...values.map((value) => withInterval(value, pointsOf)),
        `${Math.max(...values.map((value) => value?.n ?? 0))}`,
      ]),
    ),
  ];
}

const SEED_COLUMNS: readonly SeedColumn[] = [
  { head: 'right, %', measure: accuracy, show: percent },
  { head: `finished by ${nameOf(UNSEEN)}, %`, measure: handedUnseen, show: percent },
];

/** Accuracy and transferability of every seed. @param more a third number */
export function bySeed(
  results: Results,
  arms: readonly string[],
  more: readonly SeedColumn[] = [],
): Block[] {
  return seedTable(results, arms, [...SEED_COLUMNS, ...more]);
}

/** Dialect shares, accuracy, right finishes and length over training. */
export function dialectCurves(
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
      caption: `Mean over seeds; bands are 95 % intervals. Held-out accuracy is a trailing mean over ${WINDOW} evaluations; the others are of the answers that were trained on, right finishes by the arm’s own receiver.`,
    },
    arms,
    [
      { title: 'Public answers', unit: '%', times: 100, metric: 'dialects/public', window: 3 },
      {
        title: 'Right finishes',
        unit: '%',
        times: 100,
        metric: 'rewards/transfer/mean',
        window: 5,
      },
      {
        title: 'Held-out accuracy',
        unit: '%',
        times: 100,
        metric: 'eval/accuracy',
        window: WINDOW,
      },
      { title: 'Length', unit: 'tokens', metric: 'completions/mean_length', window: 5 },
    ],
  );
}

/** Public share of every arm less RLVR's. */
export function publicEffects(results: Results, base: string): Block[] {
  return effects(results, {
    name: 'public',
    title: 'Public answers after training, less those of RLVR',
    axis: 'points',
    caption: 'Held-out questions; 95 % intervals over seeds, paired.',
    base,
    measure: publicShare,
  });
}
