/** What evaluations say, as curves and as rows of a table: before training and now, on the same questions. */
import type { Band, Interval } from '../../rl/evaluate/bootstrap.ts';
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import type { Dialect } from '../../rl/tasks/task.ts';
import { reading } from '../plot/numbers.ts';
import type { Curve, CurveSpec } from './curves.ts';

/** One evaluation with the name of its policy: `before training`, `step 40`. */
export interface NamedEvaluation {
  readonly name: string;
  readonly evaluation: Evaluation;
}

export const MAJORITY: CurveSpec = {
  id: 'maj-at-k',
  title: 'Maj@k',
  unit: 'share of questions',
  axis: 'k answers vote',
  scale: 'log2',
  place: (k) => `k = ${k}`,
};

export const PASS: CurveSpec = {
  id: 'pass-at-k',
  title: 'Pass@k',
  unit: 'share of questions',
  axis: 'one of k answers is right',
  scale: 'log2',
  place: (k) => `k = ${k}`,
};

export const TRANSFER: CurveSpec = {
  id: 'transfer-by-cut',
  title: 'Transferability',
  unit: 'share finished rightly',
  axis: 'τ, the share of the answer that the receiver saw',
  scale: 'linear',
  domain: [0, 1],
  place: (tau) => `τ ${(tau - HALF_BUCKET).toFixed(1)} to ${(tau + HALF_BUCKET).toFixed(1)}`,
};

export const TOURNAMENT: CurveSpec = {
  id: 'tournament',
  title: 'Tournament',
  unit: 'share of questions',
  axis: 'N answers, of which one is chosen',
  scale: 'log2',
  place: (n) => `N = ${n}`,
};

/** Ways to choose one of N answers, in the order of the table; the last but one is a bound, and the last no choice. */
const WAYS = [
  ['tournament', 'tournament'],
  ['majority', 'majority'],
  ['best_of', 'best, by the verifier'],
  ['one_sample', 'one sample'],
] as const;

/** Cuts are measured by tenths; a tenth stands at its middle. */
const HALF_BUCKET = 0.05;

/** In the place of what only a verifier can tell. */
export const NOT_JUDGED = 'Not judged: the task has no verifier';

/** Maj@k or pass@k of each that was judged; the last one is drawn full, what it is compared with thin. */
export function kCurves(
  name: 'maj_at_k' | 'pass_at_k',
  named: readonly NamedEvaluation[],
  slot: number,
): Curve[] {
  return named.flatMap(({ name: who, evaluation }, i): Curve[] => {
    if (evaluation.accuracy === null) return [];
    return [
      {
        key: `${who} ${i}`,
        name: who,
        points: withBand(evaluation[name], evaluation[`${name}_interval`], (place) => place + 1),
        hue: slot,
        dash: 0,
        thin: i < named.length - 1,
      },
    ];
  });
}

/** Success by cut of every receiver, and its line from scratch. Receivers are ink, told apart by their dash. */
export function transferCurves(named: readonly NamedEvaluation[]): Curve[] {
  const last = named.at(-1);
  const receivers = last?.evaluation.transfer?.receivers ?? [];
  return receivers.flatMap(({ receiver, scratch, scratch_interval, success }, dash) => {
    const short = shortName(receiver);
    const lone = receivers.length === 1 ? '' : `${short}, `;
    const places = success.map((_, bucket) => tauOf(bucket));
    const level: Curve = {
      key: `${receiver} from scratch`,
      name: `${lone}from scratch`,
      points: places.map((x) => ({
        x,
        y: scratch,
        low: scratch_interval.low,
        high: scratch_interval.high,
      })),
      ...{ hue: 'ink', dash, level: true },
    };
    const own = named.flatMap(({ name, evaluation }, i): Curve[] => {
      const found = evaluation.transfer?.receivers.find((other) => other.receiver === receiver);
      if (!found) return [];
      return [
        {
          key: `${receiver} ${name} ${i}`,
          name: `${lone}${name}`,
          points: withBand(found.success, found.success_interval, tauOf),
          ...{ hue: 'ink', dash, thin: i < named.length - 1 },
        },
      ];
    });
    return [...own, level];
  });
}

/** How often the chosen answer is right, by the number of answers: every way to choose for the last one, the tournament for what it is compared with. */
export function tournamentCurves(named: readonly NamedEvaluation[], slot: number): Curve[] {
  const last = named.at(-1);
  return named.flatMap((one) => {
    const ways = one === last ? WAYS : WAYS.slice(0, 1);
    return ways.flatMap(([way, name], dash): Curve[] => {
      const rows = one.evaluation.tournament?.by_answers ?? [];
      if (rows.length === 0) return [];
      const points = rows.map((row) => {
        const { mean: y, low, high } = row[`${way}_interval`];
        return { x: row.n, y, low, high };
      });
      const before = one !== last;
      return [
        {
          key: `${way} ${one.name}`,
          name: before ? `${name}, ${one.name}` : name,
          points,
          hue: way === 'tournament' ? slot : 'ink',
          ...{ dash: before ? 0 : dash, thin: before || dash > 1 },
        },
      ];
    });
  });
}

function tauOf(bucket: number): number {
  return Number((bucket / 10 + HALF_BUCKET).toFixed(2));
}

function withBand(values: readonly number[], { low, high }: Band, place: (i: number) => number) {
  return values.map((y, i) => ({ x: place(i), y, low: low[i], high: high[i] }));
}

/** A receiver's name without its folder. */
export function shortName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

/** One number of several evaluations. */
export interface NumberRow {
  readonly name: string;
  readonly values: readonly string[];
}

/**
 * The numbers side by side, each with its 95 % interval.
 * @param dialects of the task, with their labels; those that no evaluation has counted have no row
 * @param questions which were asked, as the charts of accuracy call them
 */
export function numberRows(
  named: readonly NamedEvaluation[],
  dialects: readonly Pick<Dialect, 'id' | 'label'>[] = [],
  questions = 'held out',
): NumberRow[] {
  const row = (
    name: string,
    of: (evaluation: Evaluation) => Interval | null | undefined,
  ): NumberRow => ({
    name,
    values: named.map(({ evaluation }) => intervalText(of(evaluation))),
  });
  const last = named.at(-1)?.evaluation;
  if (!last) return [];
  const { samples } = last;
  const receivers = last.transfer?.receivers ?? [];
  const known = dialects.filter(({ id }) => last.dialects?.[id]);
  const of = ({ transfer }: Evaluation, id: string) =>
    transfer?.receivers.find(({ receiver }) => receiver === id);
  return [
    row(`Accuracy, ${questions}`, (e) => e.accuracy_interval),
    ...(samples > 1
      ? [
          row(`Maj@${samples}`, (e) => lastOf(e.maj_at_k, e.maj_at_k_interval)),
          row(`Pass@${samples}`, (e) => lastOf(e.pass_at_k, e.pass_at_k_interval)),
        ]
      : []),
    ...tournamentRows(last, row),
    ...(last.hidden ? [row('Win rate', (e) => e.hidden?.win_rate_interval)] : []),
    row('Length', (e) => e.mean_length_interval),
    row('Length of right answers', (e) => e.mean_length_right_interval),
    ...receivers.flatMap(({ receiver }) => {
      const name = shortName(receiver);
      return [
        row(`Transferability to ${name}`, (e) => of(e, receiver)?.transferability_interval),
        row(`Gain over ${name} from scratch`, (e) => of(e, receiver)?.gain_interval),
        ...known.map(({ id, label }) =>
          row(
            `${label} answers, finished by ${name}`,
            (e) => of(e, receiver)?.by_dialect?.[id]?.transferability_interval ?? undefined,
          ),
        ),
      ];
    }),
    ...known.map(({ id, label }) =>
      row(`${label} answers`, (e) => e.dialects?.[id]?.share_interval),
    ),
    ...(last.chatter_interval ? [row('Chatter', (e) => e.chatter_interval)] : []),
  ];
}

type RowOf = (
  name: string,
  of: (evaluation: Evaluation) => Interval | null | undefined,
) => NumberRow;

/** Of the largest tournament. */
function tournamentRows({ tournament }: Evaluation, row: RowOf): NumberRow[] {
  const n = tournament?.by_answers.at(-1)?.n;
  if (n === undefined) return [];
  const largest = (e: Evaluation) => e.tournament?.by_answers.at(-1);
  return [
    row(`Tournament of ${n}`, (e) => largest(e)?.tournament_interval),
    row(`Majority of these ${n}`, (e) => largest(e)?.majority_interval),
    row('Tournament less majority', (e) => largest(e)?.gain_interval),
  ];
}

function lastOf(values: readonly number[] | null, band: Band | null): Interval | null {
  if (!values || !band) return null;
  const { low, high } = band;
  const i = values.length - 1;
  return { mean: values[i], low: low[i], high: high[i] };
}

/** @param interval null where nothing was judged, undefined where nobody was asked */
function intervalText(interval: Interval | null | undefined): string {
  if (interval === null) return 'not judged';
  if (!interval || !Number.isFinite(interval.mean)) return '–';
  return `${reading(interval.mean)} (${reading(interval.low)} to ${reading(interval.high)})`;
}
