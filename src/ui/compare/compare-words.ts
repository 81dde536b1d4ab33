/** A comparison in words: what an interval decides, and what was run. */
import { counted } from '../../lab/run-groups/over-steps.ts';
import { type PairedPoint, verdictOf } from '../../lab/run-groups/paired.ts';
import type { Estimate } from '../../rl/over-seeds.ts';
import { listText } from '../format.ts';
import { movedLabel, movesBySetting, movesText } from '../live-changes.ts';
import { reading } from '../plot/numbers.ts';
import { changeText } from '../settings.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import {
  countWord,
  lower,
  type Metric,
  numberWord,
  seedsText,
  settingsApart,
} from '../stored/group-words.ts';
import type { Comparison } from './comparison.ts';
import { type BarOf, wanted } from './standing.ts';

/** +3.1, −22: a difference, of shares in points. */
export function signedOf({ share }: Metric, value: number): string {
  const text = share ? Math.abs(100 * value).toFixed(1) : reading(Math.abs(value));
  return Number(text) === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}

export const unitOf = ({ share }: Metric): string => (share ? ' points' : '');

/** +3.1 ± 1.6 points; without an interval where there is none. */
export function differenceText(metric: Metric, { mean, high }: Estimate): string {
  const half = high === null ? '' : ` ± ${signedOf(metric, high - mean).replace('+', '')}`;
  return `${signedOf(metric, mean)}${half}${unitOf(metric)}`;
}

export interface Finding {
  /** What the interval decides. */
  readonly said: string;
  /** What that rests on. */
  readonly because: string;
}

/** What the paired difference of two groups decides: never more than its interval does. */
export function findingOf(
  metric: Metric,
  first: string,
  second: string,
  last: PairedPoint | null,
): Finding {
  if (!last)
    return {
      said: 'Not compared.',
      because: `${first} and ${second} have no finished seed in common. Run both on the same seeds.`,
    };
  const { estimate, differences } = last;
  const { mean, low, high, n } = estimate;
  const verdict = verdictOf(estimate);
  const range = low === null || high === null ? '' : ` (${bounds(metric, low, high)})`;
  if (verdict === 'few')
    return {
      said: `${capital(countWord(n, 'seed'))} in common ${n === 1 ? 'is' : 'are'} too few.`,
      because: `The difference is ${signedOf(metric, mean)}${unitOf(metric)}; an interval needs three seeds.`,
    };
  if (verdict === 'open')
    return {
      said: `Not decided with ${countWord(n, 'seed')}.`,
      because: `The difference is ${signedOf(metric, mean)}${unitOf(metric)}${range}; the interval holds 0.`,
    };
  const ahead = verdict === 'first' ? first : second;
  const other = verdict === 'first' ? second : first;
  const sign = verdict === 'first' ? 1 : -1;
  const agree = differences.filter(({ value }) => sign * value > 0).length;
  const what = metric.better === 'high' ? 'is ahead of' : 'is higher than';
  const by = signedOf(metric, Math.abs(mean)).replace('+', '');
  const [from, to] = sign > 0 ? [low ?? 0, high ?? 0] : [-(high ?? 0), -(low ?? 0)];
  return {
    said: `${ahead} ${what} ${other} by ${by}${unitOf(metric)} (${bounds(metric, from, to)}).`,
    because: `${capital(numberWord(agree))} of ${countWord(n, 'seed')} agree; the interval leaves 0 out.`,
  };
}

function bounds(metric: Metric, low: number, high: number): string {
  const both = [low, high].map((value) => signedOf(metric, value));
  const plain = low >= 0 ? both.map((text) => text.replace('+', '')) : both;
  return plain.join(' to ');
}

/** `RLTR (seeds 1 to 5)`, and how many of its seeds do not count. */
export function seedsOfGroup({ name, group }: GroupRow): string {
  const counts = counted(group.runs);
  const left = group.runs.length - counts.length;
  const seeds = seedsText(counts.map(({ seed }) => seed));
  const more = left > 0 ? `, ${numberWord(left)} not finished` : '';
  return `“${name}” (seed${counts.length === 1 ? '' : 's'} ${seeds}${more})`;
}

/** Said above groups of several tasks, or of one with other options. @param tasks as in `Comparison` */
export function tasksWarning(tasks: readonly string[]): string {
  const labels = [...new Set(tasks)];
  return labels.length > 1
    ? `Of different tasks, ${listText(labels)}: a number of one says nothing beside that of another.`
    : `Of ${labels[0]} with different options: their questions may not be equally hard.`;
}

export interface SettingLine {
  readonly label: string;
  /** One for each group. */
  readonly values: readonly string[];
}

/** The settings in which groups differ, with the value of each, and those that were moved while a run went. */
export function settingsTable(rows: readonly GroupRow[]): readonly SettingLine[] {
  return [...apartLines(rows), ...movedLines(rows)];
}

function apartLines(rows: readonly GroupRow[]): readonly SettingLine[] {
  const experiments = rows.map(({ group }) => group.runs[0].experiment);
  const [first, ...others] = experiments;
  const lines = new Map<string, SettingLine>();
  for (const other of others)
    for (const change of settingsApart(first, other)) {
      if (lines.has(change.path)) continue;
      const values = experiments.map((one) => {
        const own = settingsApart(first, one).find(({ path }) => path === change.path);
        return own ? changeText(one, own, own.to) : changeText(first, change, change.from);
      });
      lines.set(change.path, { label: change.label, values });
    }
  return [...lines.values()];
}

/** Runs of one group have the same moves. */
const movesOf = ({ group }: GroupRow) => movesBySetting(group.runs[0].changes);

function movedLines(rows: readonly GroupRow[]): readonly SettingLine[] {
  const labels = new Map<string, string>();
  for (const row of rows)
    for (const path of movesOf(row).keys())
      labels.set(path, movedLabel(row.group.runs[0].experiment, path));
  return [...labels].map(([path, label]) => ({
    label: `${label}, moved live`,
    values: rows.map((row) => {
      const moves = movesOf(row).get(path);
      return moves ? movesText(row.group.runs[0].experiment, moves) : 'not moved';
    }),
  }));
}

/** `Moved live in “RLVR”: learning rate from step 20: 1.0e−4.` Nothing for a group without moves. */
function movedSentence(row: GroupRow): readonly string[] {
  const { experiment } = row.group.runs[0];
  const moved = [...movesOf(row)].map(
    ([path, moves]) => `${lower(movedLabel(experiment, path))} ${movesText(experiment, moves)}`,
  );
  return moved.length === 0 ? [] : [`Moved live in “${row.name}”: ${moved.join('; ')}.`];
}

/** What was run, for a figure of curves that stands alone. */
export function captionOf(comparison: Comparison): string {
  const { metric, step, groups } = comparison;
  const rows = groups.map(({ row }) => row);
  const findings = groups.slice(1).map(({ row, pair }) => {
    const { said, because } = findingOf(metric, rows[0].name, row.name, pair?.last ?? null);
    return `${said} ${because}`;
  });
  return captionWith(
    comparison,
    [
      `${metric.label}, ${metric.unit}, over steps: mean over seeds${banded(comparison)}, of ${groupsText(rows)}.`,
      ...findings,
    ],
    step === null ? '' : `, compared at step ${step}`,
  );
}

const groupsText = (rows: readonly GroupRow[]) => listText(rows.map(seedsOfGroup));

function banded({ groups }: Comparison): string {
  const band = groups.some(({ result }) => result?.estimate.low != null);
  return band ? ' with 95 % intervals by Student’s t' : '';
}

/** For bars. */
export function barCaption(comparison: Comparison, of: BarOf): string {
  const { metric, step, groups } = comparison;
  const rows = groups.map(({ row }) => row);
  const what =
    of === 'last'
      ? `at step ${step ?? 0}`
      : 'the best value that each seed had at any step, which flatters what varies much';
  return captionWith(comparison, [
    `${metric.label}, ${metric.unit}, ${what}: mean over seeds${banded(comparison)}, dots are seeds, of ${groupsText(rows)}.`,
  ]);
}

/** For groups by two numbers. @param x what is drawn along */
export function placesCaption(comparison: Comparison, x: Metric): string {
  const { metric: y, groups } = comparison;
  const rows = groups.map(({ row }) => row);
  const better = [y, x].map((metric) => wanted(metric));
  const front = better.includes(null)
    ? 'Neither side of one of them is better by itself, so no front is drawn.'
    : `The dashed line joins the groups that no other beats in both means (${y.label.toLowerCase()} ${better[0]}, ${x.label.toLowerCase()} ${better[1]}).`;
  return captionWith(comparison, [
    `${y.label}, ${y.unit}, against ${x.label.toLowerCase()}, ${x.unit}, each at its last step: mean over seeds${banded(comparison)} in both directions, small dots are seeds, of ${groupsText(rows)}. ${front}`,
  ]);
}

/** What every caption ends with: task, settings, adapter and build. */
function captionWith(
  { groups, adapters, builds }: Comparison,
  begins: readonly string[],
  compared = '',
): string {
  const rows = groups.map(({ row }) => row);
  const [{ what }] = rows;
  const apart = apartLines(rows).map(({ label, values }) => `${lower(label)} ${values.join(', ')}`);
  const sentences = [
    ...begins,
    `${what}${compared}.`,
    ...(apart.length > 0 ? [`In that order: ${apart.join('; ')}.`] : []),
    ...rows.flatMap(movedSentence),
    `${adapters.length === 1 ? 'Adapter' : 'Adapters'} ${listText(adapters)}, build ${listText(builds)}. Made with Baton.`,
  ];
  return sentences.join(' ');
}

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
