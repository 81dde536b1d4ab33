/** What a metric chart draws of its lines, and what it says where it cannot draw. */
import { listText } from '../format.ts';
import type { PlotBand, PlotGap, PlotLine } from '../plot/mark.ts';
import { isShown } from './chart-scales.ts';
import type { ChartSpec, LineSpec } from './chart-spec.ts';
import type { DrawnLine } from './lines.ts';
import type { MetricFrame } from './metric-frame.ts';
import type { ChartRun } from './runs.ts';

/** A line of more measured points has no dots. */
const MOST_DOTS = 30;

interface Marks {
  readonly lines: readonly PlotLine[];
  readonly bands: readonly PlotBand[];
  readonly gaps: readonly PlotGap[];
}

/** Why an empty plot is empty. */
export function silenceOf(
  lines: readonly DrawnLine[],
  { x }: Pick<MetricFrame, 'x'>,
  empty: string | undefined,
): string | undefined {
  if (lines.length === 0) return empty;
  const measured = lines.some(({ values }) => values.some(Number.isFinite));
  return measured && !isShown(lines, x) ? 'Nothing to show in these steps' : undefined;
}

/** Under the large chart: which of the compared runs have no such quantity, so that nobody takes two lines of one run for two runs. */
export function absentText(
  { size }: Pick<ChartSpec, 'size'>,
  runs: readonly ChartRun[],
  lines: readonly DrawnLine[],
): string | undefined {
  if (size !== 'hero' || lines.length === 0) return undefined;
  const absent = runs.filter(
    (run) => run.series.length > 0 && !lines.some((line) => line.run.id === run.id),
  );
  if (absent.length === 0) return undefined;
  const have = absent.length === 1 ? 'has' : 'have';
  return `${listText(absent.map(({ label }) => label))} ${have} no such numbers: compare the runs by accuracy.`;
}

/** Why runs have no line yet in a chart of the policy's training. */
export function aloneText(
  { trained, off }: Pick<ChartSpec, 'trained' | 'off'>,
  runs: readonly ChartRun[],
  lines: readonly DrawnLine[],
): string | undefined {
  if (!trained || off !== undefined) return undefined;
  const waiting = runs.flatMap(({ id, label, series, alone }) => {
    const reached = series.steps().at(-1);
    const waits = alone && reached !== undefined && reached < alone.steps;
    return waits && !lines.some(({ run }) => run.id === id) ? [{ label, why: alone.why }] : [];
  });
  const reasons = [...new Set(waiting.map(({ why }) => why))].map((why) => {
    if (runs.length === 1) return why;
    const who = listText(waiting.flatMap((one) => (one.why === why ? [one.label] : [])));
    return `${who}: ${why[0].toLowerCase()}${why.slice(1)}`;
  });
  return reasons.length > 0 ? reasons.join(' ') : undefined;
}

/** What a log scale had to leave out. */
export function droppedText(lines: readonly DrawnLine[]): string | undefined {
  const dropped = lines.reduce((sum, line) => sum + line.dropped, 0);
  if (dropped === 0) return undefined;
  return dropped === 1
    ? 'One value is 0 or below and has no place on a log scale.'
    : `${dropped} values are 0 or below and have no place on a log scale.`;
}

/** Of several quantities of one run, which share its hue, those after the first are thin. */
function widthOf({ size, ink }: ChartSpec, { thin }: LineSpec, raw: boolean): number {
  if (raw || (thin && !ink)) return 1;
  return size === 'hero' ? 2 : 1.5;
}

/** Lines, raw ones under them, intervals and gaps, as the plot draws them. */
export function marksOf(spec: ChartSpec, lines: readonly DrawnLine[]): Marks {
  const stroke = (line: DrawnLine, raw: boolean): PlotLine => {
    const { key, points, rawPoints, slot, dash, spec: own } = line;
    const hue = spec.ink ? 'k' : `r${slot}`;
    const few = spec.sparse && !own.thin && points.length <= MOST_DOTS;
    return {
      key: raw ? `${key} raw` : key,
      points: raw ? rawPoints : points,
      className: `ln ${hue}${raw ? ' raw' : ''}${own.thin ? ' thin' : ''}`,
      stroke: spec.ink ? 'var(--ink)' : `var(--run-${slot})`,
      width: widthOf(spec, own, raw),
      ...(!raw && dash && { dash }),
      // A point that no line joins to another yet has a dot too.
      dots: !raw && (few || points.length === 1),
    };
  };
  return {
    lines: [
      ...lines.filter(({ rawPoints }) => rawPoints.length > 0).map((line) => stroke(line, true)),
      ...lines.map((line) => stroke(line, false)),
    ],
    bands: lines.map(({ key, slot, band }) => ({
      ...{ key: `${key} band`, points: band },
      className: `band r${slot}`,
    })),
    gaps: lines.flatMap(({ key, gaps }) =>
      gaps.map(([from, to]) => ({ key: `${key} ${from}`, from, to })),
    ),
  };
}
