/** The tournament: how often the critic's choice among a model's own answers is right, beside other ways to choose. */

import { estimate } from '../../src/rl/over-seeds.ts';
import { percent, pointsOf, withInterval } from '../lib/format.ts';
import type { RawEvaluation } from '../lib/raw.ts';
import { type Block, figure, subheading, table, text } from '../lib/report.ts';
import { evaluated, evaluationOf, type Measure, type Results } from '../lib/results.ts';
import { lineFigure, type Panel } from '../lib/svg/line-chart.ts';
import { RARO } from './numbers.ts';

/** Answers in the largest tournament. */
export const PLAYERS = 16;

const CHOICES = [
  ['winner', 'tournament'],
  ['majority', 'majority'],
  ['one_sample', 'one sample'],
  ['best_of', 'any right'],
] as const;

type Choice = (typeof CHOICES)[number][0];

/** Accuracy of a way to choose among so many answers. */
function chosen(choice: Choice, n = PLAYERS) {
  return ({ tournament }: RawEvaluation) => tournament?.find((row) => row.n === n)?.[choice];
}

/** The winner of the largest tournament less another choice, each run with itself. */
export function winnerLess(choice: Exclude<Choice, 'winner'>): Measure {
  const [winner, other] = [evaluated('test', chosen('winner')), evaluated('test', chosen(choice))];
  return (run) => {
    const [a, b] = [winner(run), other(run)];
    return a === undefined || b === undefined ? undefined : a - b;
  };
}

/** What the paper's tournament is: choices beside each other, before training and after. */
export function tournamentSection(results: Results, arms: readonly string[]): Block[] {
  const rows = arms.filter((id) => results.mean(id, winnerLess('one_sample')) !== undefined);
  if (rows.length === 0) return [];
  const start = results.starts.flatMap((one) => evaluationOf(one, 'test') ?? [])[0];
  const before = CHOICES.map(([choice]) => {
    const share = start && chosen(choice)(start);
    return share === undefined ? '' : percent(share);
  });
  return [
    subheading('The critic chooses'),
    ...against(results),
    table(
      ['Arm', ...CHOICES.map(([, name]) => `${name}, %`), 'Winner less majority, points'],
      [
        ['Before training', ...before, ''],
        ...rows.map((id) => [
          results.label(id),
          ...CHOICES.map(([choice]) =>
            withInterval(results.mean(id, evaluated('test', chosen(choice))), percent),
          ),
          withInterval(results.mean(id, winnerLess('majority')), pointsOf),
        ]),
      ],
    ),
    text(
      `Single elimination among ${PLAYERS} answers of the model itself, every match judged in both orders; the seed decides ties and contradictions. Equal answers are not shown. All four choose among the same answers, and only the last needs a verifier.`,
    ),
  ];
}

/** Accuracy by the number of answers, RARO after training. */
function against(results: Results): Block[] {
  const evaluations = results.runs
    .filter(({ arm }) => arm === RARO)
    .flatMap((run) => evaluationOf(run, 'test')?.tournament ?? []);
  const sizes = [...new Set(evaluations.map(({ n }) => n))].sort((a, b) => a - b);
  const panel: Panel = {
    title: 'Right after training with RARO',
    unit: '%',
    times: 100,
    within: [0, 1],
    x: 'k',
    lines: CHOICES.map(([choice, name]) => ({
      name,
      points: sizes.flatMap((x) => {
        const mean = estimate(evaluations.filter(({ n }) => n === x).map((row) => row[choice]));
        return mean ? [{ x, ...mean }] : [];
      }),
    })),
  };
  const drawn = lineFigure(
    'tournament',
    'Accuracy by the number of answers among which is chosen',
    'Mean over seeds; bands are 95 % intervals.',
    [panel],
  );
  return drawn ? [figure(drawn)] : [];
}
