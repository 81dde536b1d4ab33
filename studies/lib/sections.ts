/** Pieces that several reports have. */

import { estimate } from '../../src/rl/over-seeds.ts';
import { pointsOf, type Show, withInterval } from './format.ts';
import type { RawEvaluation } from './raw.ts';
import { type Block, figure, table } from './report.ts';
import {
  type CurvePoint,
  evaluated,
  evaluationOf,
  type Measure,
  type Read,
  type Results,
} from './results.ts';
import { forestFigure } from './svg/forest-chart.ts';
import { lineFigure, type Panel } from './svg/line-chart.ts';

export interface Column {
  readonly head: string;
  readonly measure: Measure;
  readonly show: Show;
  /** What it is read from, where the model before training has it too. */
  readonly before?: { readonly split: string; readonly read: Read };
}

/** A column of an evaluation. */
export function evaluatedColumn(head: string, split: string, read: Read, show: Show): Column {
  return { head, measure: evaluated(split, read), show, before: { split, read } };
}

/** Rows of the models before training; they are the same for all seeds, and have no interval over them. */
function startRows(results: Results, columns: readonly Column[]): string[][] {
  const used = results.starts.filter(({ policy }) => results.runs.some((r) => r.policy === policy));
  return used.flatMap((start) => {
    const values = columns.map(({ before, show }) => {
      const found = before && evaluationOf(start, before.split);
      const value = found && before.read(found);
      return value === undefined ? '' : show(value);
    });
    const name = used.length > 1 ? `Before training, ${start.policy}` : 'Before training';
    return values.some((value) => value !== '') ? [[name, ...values]] : [];
  });
}

/** One row an arm, one column a number; arms that have none of them, and columns that no run has, are left out. */
export function armTable(results: Results, columns: readonly Column[]): Block[] {
  const some = columns.filter(({ measure }) =>
    results.arms.some(({ id }) => results.mean(id, measure)),
  );
  if (some.length === 0) return [];
  const measured = results.arms.filter(({ id }) =>
    some.some(({ measure }) => results.mean(id, measure)),
  );
  const rows = measured.map(({ id, label }) => [
    label,
    ...some.map(({ measure, show }) => withInterval(results.mean(id, measure), show)),
  ]);
  return [table(['Arm', ...some.map(({ head }) => head)], [...startRows(results, some), ...rows])];
}

export interface Effects {
  readonly name: string;
  readonly title: string;
  readonly axis: string;
  readonly caption: string;
  readonly base: string;
  readonly measure: Measure;
  readonly arms?: readonly string[];
  /** The paper's difference, where it has one. */
  readonly paper?: number;
}

/** Differences in points of every arm to one of them. */
export function effects(results: Results, spec: Effects): Block[] {
  const { name, title, axis, caption, base, measure, paper } = spec;
  const arms = results.arms.filter(
    ({ id }) => id !== base && (spec.arms === undefined || spec.arms.includes(id)),
  );
  const rows = arms.map(({ id, label }) => ({
    label,
    value: results.difference(id, base, measure),
  }));
  const drawn = forestFigure(name, caption, {
    title,
    axis,
    rows,
    show: pointsOf,
    times: 100,
    border: 0,
    ...(paper !== undefined && { paper }),
  });
  return drawn ? [figure(drawn)] : [];
}

/** Curves over training of some arms, those that there are. */
export function curves(
  results: Results,
  spec: { readonly name: string; readonly title: string; readonly caption: string },
  arms: readonly string[],
  panels: readonly (Omit<Panel, 'lines' | 'x'> & {
    readonly metric: string;
    readonly window?: number;
  })[],
): Block[] {
  const drawn = lineFigure(
    spec.name,
    spec.title,
    spec.caption,
    panels.map(({ metric, window = 1, ...panel }) => ({
      ...panel,
      ...(panel.unit === '%' && { within: [0, 1] as const }),
      // An arm keeps its colour in all figures that list the same arms before it, whether those were run or not.
      lines: arms.flatMap((id, slot) =>
        results.has(id)
          ? [{ name: results.label(id), points: results.curve(id, metric, window), slot }]
          : [],
      ),
    })),
  );
  return drawn ? [figure(drawn)] : [];
}

/** A curve against k, over seeds, at 1, 2, 4, ... and the largest k. */
function againstK(evaluations: readonly RawEvaluation[], key: 'maj_at_k' | 'pass_at_k') {
  const largest = Math.min(...evaluations.map((evaluation) => evaluation[key].length));
  const ks = Array.from({ length: largest }, (_, i) => i + 1).filter(
    (k) => Math.log2(k) % 1 === 0 || k === largest,
  );
  return ks.flatMap((k): CurvePoint[] => {
    const mean = estimate(evaluations.map((evaluation) => evaluation[key][k - 1]));
    return mean ? [{ x: k, ...mean }] : [];
  });
}

/** maj@k and pass@k against k: before training and after it, in some arms. */
export function kCurves(
  results: Results,
  spec: {
    readonly name: string;
    readonly title: string;
    readonly caption: string;
    readonly split: string;
  },
  arms: readonly string[],
): Block[] {
  const { name, title, caption, split } = spec;
  const models = arms
    .filter((id) => results.has(id))
    .map((id) => ({
      name: results.label(id),
      evaluations: results.runs
        .filter(({ arm }) => arm === id)
        .flatMap((run) => evaluationOf(run, split) ?? []),
    }));
  const start = results.starts.flatMap((one) => evaluationOf(one, split) ?? []);
  const all = [...models, { name: 'before training', evaluations: start }].filter(
    ({ evaluations }) => evaluations.length > 0,
  );
  if (models.every(({ evaluations }) => evaluations.length === 0)) return [];
  const panel = (head: string, key: 'maj_at_k' | 'pass_at_k'): Panel => ({
    title: head,
    unit: '%',
    times: 100,
    within: [0, 1],
    x: 'k',
    lines: all.map((one) => ({
      name: one.name,
      points: againstK(one.evaluations, key),
      ...(one.evaluations === start && { slot: 4 }),
    })),
  });
  const drawn = lineFigure(name, title, caption, [
    panel('Maj@k', 'maj_at_k'),
    panel('Pass@k', 'pass_at_k'),
  ]);
  return drawn ? [figure(drawn)] : [];
}
