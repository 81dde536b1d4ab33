/** A comparison as files: a table, all of its numbers, and a picture with a caption that says what was run. */
import { csvText } from '../../csv.ts';
import { seriesOf } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import type { ExportColours } from '../charts/chart-export.ts';
import { dashOf, slotOf } from '../charts/runs.ts';
import { type Frame, frameBand, frameLine, pixelY } from '../plot/frame.ts';
import type { PlotBand, PlotLine } from '../plot/mark.ts';
import { axesText, escaped, placed, rule } from '../plot/svg-text.ts';
import { differenceFrame, differenceMarks, overlayFrame, overlayMarks } from './compare-charts.tsx';
import { captionOf } from './compare-words.ts';
import type { Compared, Comparison } from './comparison.ts';
import { keyText, LEFT, PLOT, sheet } from './figure-sheet.ts';

/** A line for each step of each run: group, seed, step, value. What was smoothed says so in its head. */
export function comparisonCsv({ groups, metric }: Comparison): string {
  const head = [
    'group',
    'seed',
    'step',
    `${metric.id} (${metric.unit})`,
    'hash',
    'adapter',
    'build',
    'live_changes',
  ];
  const lines = groups.flatMap(({ row: { name, group } }) =>
    group.runs.flatMap((run) => {
      const { steps, values } = seriesOf(run, metric.id);
      const made = [run.hash, run.adapter, run.build, changesCell(run)];
      return steps.map((step, i) => [name, run.seed, step, values[i], ...made]);
    }),
  );
  return csvText([head, ...lines]);
}

/** The settings that were moved while a run went, with the first step of each: `20 method.learning_rate=0.0001`. */
export function changesCell({ changes }: Pick<SeedRun, 'changes'>): string {
  return changes.map(({ step, path, value }) => `${step} ${path}=${formatPlain(value)}`).join('; ');
}

const formatPlain = (value: unknown) =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Everything that the panel shows, with the experiments and hashes that it rests on. */
export function comparisonJson(comparison: Comparison): string {
  const { groups, metric, step, level, adapters, builds } = comparison;
  const point = ({ step: at, estimate }: { step: number; estimate: object }) => ({
    step: at,
    ...estimate,
  });
  const json = {
    version: 1,
    ...{ metric: metric.id, unit: metric.unit, step, adapters, builds },
    caption: captionOf(comparison),
    groups: groups.map(({ row, curve, result, toLevel, pair }) => ({
      name: row.name,
      experiment: { ...row.group.runs[0].experiment, seed: undefined },
      runs: row.group.runs.map((run) => ({
        ...{ seed: run.seed, state: run.state, steps: run.step, hash: run.hash },
        ...{ adapter: run.adapter, build: run.build, live_changes: run.changes },
        series: seriesOf(run, metric.id),
      })),
      mean: curve.map(point),
      result: result && { step: result.step, values: result.values, ...result.estimate },
      steps_to: { level, ...toLevel },
      first_less_this: pair && {
        curve: pair.curve.map(point),
        last: pair.last && { ...point(pair.last), differences: pair.last.differences },
        steps_to: pair.toLevel,
      },
    })),
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

const BELOW = { width: PLOT.width, height: 100 };

/** The figure: curves, the paired difference where there are two groups, and the caption. Nothing outside is referred to. */
export function comparisonSvg(comparison: Comparison, colours: ExportColours): string {
  const { groups, metric } = comparison;
  const frame = overlayFrame(comparison, PLOT.width, PLOT.height);
  const marks = overlayMarks(comparison);
  const paired = groups.length === 2 ? (groups[1].pair?.curve ?? []) : [];
  const { text, top } = keyText(groups, colours, metric);
  const second = top + PLOT.height + 64;
  const bottom = paired.length > 0 ? second + BELOW.height + 44 : top + PLOT.height + 44;
  const names = groups.map(({ row }) => row.name);
  return sheet({ colours, bottom, caption: captionOf(comparison), title: metric }, [
    ...text,
    placed(LEFT, top, [...axesText(frame), ...drawn(frame, marks, groups, colours)]),
    ...(paired.length > 0 ? differenceText(paired, names, second, colours) : []),
  ]);
}

function differenceText(
  paired: NonNullable<Compared['pair']>['curve'],
  [first, second]: readonly string[],
  top: number,
  colours: ExportColours,
): string[] {
  const frame = differenceFrame(paired, BELOW.width, BELOW.height);
  const zero = pixelY(frame, 0);
  return [
    `<text x="${LEFT}" y="${top - 14}"><tspan class="strong">Difference</tspan> ${escaped(`${first} less ${second}, same seed`)}</text>`,
    placed(LEFT, top, [
      ...axesText(frame),
      rule(0, zero, frame.width, zero, 'axis'),
      ...drawn(frame, differenceMarks(paired), [], colours),
    ]),
  ];
}

function drawn(
  frame: Frame,
  { lines, bands }: { readonly lines: readonly PlotLine[]; readonly bands: readonly PlotBand[] },
  groups: readonly Compared[],
  { ink, runs }: ExportColours,
): string[] {
  const slots = new Map(
    groups.flatMap(({ row, slot }) => [
      [row.key, slot] as const,
      ...row.group.runs.map((run) => [run.id, slot] as const),
    ]),
  );
  const hue = (key: string) => {
    const slot = slots.get(key.replace(/ band$/, ''));
    return slot === undefined ? ink : runs[slotOf({ slot })];
  };
  return [
    ...bands.map(
      ({ key, points }) =>
        `<path d="${frameBand(frame, points)}" fill="${hue(key)}" fill-opacity="0.14"/>`,
    ),
    ...lines.map(({ key, points, width }) => {
      const slot = slots.get(key);
      const dash = slot === undefined || width < 1.5 ? undefined : dashOf({ slot });
      return `<path d="${frameLine(frame, points)}" fill="none" stroke="${hue(key)}" stroke-width="${width}"${width < 1.5 ? ' stroke-opacity="0.4"' : ''}${dash ? ` stroke-dasharray="${dash}"` : ''}/>`;
    }),
  ];
}
