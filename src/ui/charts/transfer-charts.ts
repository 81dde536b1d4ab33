/** The charts of the transfer reward: what was handed over, by where answers were cut, and how far it can be trusted. */
import { type ChartSpec, LEAST_SHARE } from './chart-spec.ts';
import type { Curve, CurveSpec } from './curves.ts';
import { lowerBound } from './lines.ts';
import { leadingRun } from './metric-frame.ts';
import { type ChartRun, dashIndex, slotOf } from './runs.ts';
import { emptyNote, NEVER_ALONE } from './transferability-chart.ts';

const TERM = 'rewards/transfer';

/** Cuts are counted by tenths, as the trainer does. */
const BUCKETS = 10;
const HALF_BUCKET = 0.5 / BUCKETS;

/** Steps whose cuts are taken together: few of one step fall into one tenth. */
export const CUT_STEPS = 20;

const MEAN_HELP =
  'The share of tries in which the receivers finish a cut answer rightly. The thin line is the same receivers without any ' +
  `prefix: only what is above it was handed over. ${NEVER_ALONE}`;

const SPREAD_HELP =
  'The standard deviation of the transfer reward between the answers to one question, as a mean over questions. Answers are ' +
  'compared within a question, so at 0 the transfer reward teaches nothing.';

const RELIABILITY_HELP =
  'Of what the transfer reward varies by between answers to a question, the share that is the answers’ and not the receiver’s ' +
  'luck, as an intraclass correlation of two tries: 1 is no luck, 0 luck alone. Of few answers a step, so it jumps, and without ' +
  'a value where nothing varied.';

const LEAKAGE_HELP =
  'The share of cuts whose prefix is a right answer already: there the receiver has nothing left to find out.';

export const BY_CUT: CurveSpec = {
  id: 'transfer-reward-by-cut',
  title: 'Transfer by cut',
  unit: 'share finished rightly',
  axis: 'τ, the share of the answer that the receiver saw',
  scale: 'linear',
  domain: [0, 1],
  place: (tau) => `τ ${(tau - HALF_BUCKET).toFixed(1)} to ${(tau + HALF_BUCKET).toFixed(1)}`,
};

/** The charts over steps; null where no run has a transfer reward. */
export function transferRewardCharts(
  runs: readonly ChartRun[],
): { readonly mean: ChartSpec; readonly small: readonly ChartSpec[] } | null {
  if (!runs.some(({ series }) => series.column(`${TERM}/mean`).length > 0)) return null;
  const small = (
    name: string,
    title: string,
    unit: string,
    more: Partial<ChartSpec> = {},
  ): ChartSpec => ({
    id: `transfer-${name.replaceAll('_', '-')}`,
    title,
    unit,
    size: 'small',
    lines: [{ columns: [`${TERM}/${name}`] }],
    better: 'none',
    ...more,
  });
  return {
    mean: {
      id: 'transfer-reward',
      title: 'Transfer reward',
      unit: 'share finished rightly',
      size: 'half',
      lines: [
        // What was paid can be less: to right answers only.
        { columns: [`${TERM}/finished`, `${TERM}/mean`], name: 'transfer' },
        { columns: [`${TERM}/scratch`], name: 'from scratch', thin: true },
      ],
      better: 'high',
      least: LEAST_SHARE,
      share: true,
      help: MEAN_HELP,
      ...emptyNote(runs),
    },
    small: [
      small('gain', 'Over scratch', 'share', { better: 'high' }),
      small('group_std', 'Spread', 'within a question', { help: SPREAD_HELP }),
      // Not measured where no answer is tried twice.
      ...(runs.some(({ series }) => series.column(`${TERM}/icc`).length > 0)
        ? [small('icc', 'Reliability', 'ICC', { better: 'high', help: RELIABILITY_HELP })]
        : []),
      small('leakage', 'Leaked', 'share of cuts', { better: 'low', help: LEAKAGE_HELP }),
    ],
  };
}

/**
 * The transfer reward by tenth of tau: of every run the mean of the last steps up to `step` (null: the newest), and the receivers
 * of the run that has got furthest, from scratch, as a level. A tenth into which no cut fell has no point.
 */
export function cutCurves(runs: readonly ChartRun[], step: number | null): Curve[] {
  const scored = runs.filter(({ series }) => series.column(`${TERM}/mean`).length > 0);
  const curves = scored.map((run): Curve => {
    const mean = meanOver(run, step);
    const slot = slotOf(run);
    const points = Array.from({ length: BUCKETS }, (_, bucket) => ({
      x: Number((bucket / BUCKETS + HALF_BUCKET).toFixed(2)),
      y: mean(`${TERM}/tau_${bucket}`),
    })).filter(({ y }) => !Number.isNaN(y));
    return { key: run.id, name: run.label, points, hue: slot, dash: dashIndex(run) };
  });
  const furthest = leadingRun(scored);
  const scratch = furthest ? meanOver(furthest, step)(`${TERM}/scratch`) : Number.NaN;
  if (Number.isNaN(scratch)) return curves;
  const places = curves.flatMap(({ points }) => points.map(({ x }) => x));
  const points = [...new Set(places)].sort((a, b) => a - b).map((x) => ({ x, y: scratch }));
  const level: Curve = {
    ...{ key: 'from scratch', name: 'from scratch', points },
    ...{ hue: 'ink', dash: 2, level: true },
  };
  return [...curves, level];
}

/** A column's mean over the steps that are taken together; NaN where it has no value there. */
function meanOver({ series }: ChartRun, step: number | null): (name: string) => number {
  const to = step === null ? series.length : lowerBound(series.steps(), step + 1);
  return (name) => {
    const values = series.column(name).slice(Math.max(0, to - CUT_STEPS), to);
    const known = values.filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + value, 0) / known.length;
  };
}
