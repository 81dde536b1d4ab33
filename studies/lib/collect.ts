/** Makes a run's small raw file out of the folder that `lab train` left, and `lab eval`'s answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { meanOf } from '../../src/rl/over-seeds.ts';
import type { Manifest, MetricsRow, TimingsRow } from '../../src/rl/records.ts';
import { type RawEvaluation, type RawRun, type RawSeries, type RawTiming, short } from './raw.ts';

/** Points that are kept of a number that every step has; each is the mean of a block of steps. */
const POINTS = 50;
/** Kept of every study. */
const ALWAYS = [
  'reward',
  'accuracy',
  'completions/mean_length',
  'completions/clipped_ratio',
  'entropy',
  'frac_reward_zero_std',
  'grad_norm',
  'eval/*',
  'eval_ood/*',
];
function readLines<T>(path: string): T[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}

/** Whether a name is one of the patterns, of which a last `*` stands for anything. */
function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}

/** Steps in a block, so that at most POINTS blocks are kept. */
export function blockSize(steps: number): number {
  return Math.max(1, Math.ceil(steps / POINTS));
}

/** Means over blocks of steps, each standing at its last step; null where a block has no number. */
function blocks(points: readonly (readonly [number, number | null])[], size: number): RawSeries {
  const groups = new Map<number, [number, (number | null)[]]>();
  for (const [step, value] of points) {
    const key = Math.ceil(step / size);
    const group = groups.get(key) ?? [step, []];
    group[0] = Math.max(group[0], step);
    group[1].push(value);
    groups.set(key, group);
  }
  const all = [...groups.values()];
  return {
    steps: all.map(([step]) => step),
    values: all.map(([, values]) => {
      const there = values.filter((value) => value !== null);
      return there.length === 0 ? null : short(meanOf(there));
    }),
  };
}

function seriesOf(rows: readonly MetricsRow[], name: string, size: number): RawSeries {
  const points = rows
    .filter((row) => name in row)
    .map((row): [number, number | null] => [row.step, row[name]]);
  if (!name.startsWith('eval')) return blocks(points, size);
  return { steps: points.map(([step]) => step), values: points.map(([, value]) => short(value)) };
}

/** The chosen numbers of all rows, thinned; evaluations are kept one by one. */
export function collectSeries(
  rows: readonly MetricsRow[],
  wanted: readonly string[],
): Record<string, RawSeries> {
  const size = blockSize(rows.at(-1)?.step ?? 0);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    // Intervals over questions are left to `lab eval`: the report's are over seeds.
    .filter((name) => matches(name, [...ALWAYS, ...wanted]) && !/^eval.*_(low|high)$/.test(name))
    .sort();
  return Object.fromEntries(names.map((name) => [name, seriesOf(rows, name, size)]));
}

/** Where the time of a step went, evaluation and the first step (which compiles) left out. */
export function timingOf(rows: readonly TimingsRow[]): RawTiming {
  const steps = rows.filter(({ step }) => step > 1);
  const some = steps.length > 0 ? steps : rows.filter(({ step }) => step === 1);
  const own = some
    .map(({ step_time, phases }) => step_time - (phases.evaluate ?? 0))
    .sort((a, b) => a - b);
  const names = [...new Set(some.flatMap(({ phases }) => Object.keys(phases)))]
    .filter((name) => name !== 'evaluate')
    .sort();
  return {
    step: short(own[own.length >> 1]) ?? 0,
    phases: Object.fromEntries(
      names.map((name) => [name, short(meanOf(some.map(({ phases }) => phases[name] ?? 0))) ?? 0]),
    ),
  };
}

export interface RunFiles {
  readonly arm: string;
  readonly seed: number;
  /** `askedMark` of the run. */
  readonly asked: string;
  /** The folder that `lab train` left. */
  readonly folder: string;
  /** What `lab train` answered. */
  readonly answer: { readonly hash: string; readonly model_hash: string };
  readonly evaluations: readonly RawEvaluation[];
  readonly metrics: readonly string[];
}

/** The raw file of a finished run. */
export function collectRun({
  arm,
  seed,
  asked,
  folder,
  answer,
  evaluations,
  metrics,
}: RunFiles): RawRun {
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const rows = readLines<MetricsRow>(join(folder, 'metrics.jsonl'));
  const steps = rows.at(-1)?.step ?? 0;
  return {
    version: 1,
    arm,
    seed,
    steps,
    asked,
    policy: (manifest.experiment as { readonly policy: string }).policy,
    experiment_hash: manifest.experiment_hash,
    build: manifest.build,
    adapter: manifest.adapter,
    policy_hash: manifest.policy_hash,
    model_hash: answer.model_hash,
    metrics_hash: answer.hash,
    timing: timingOf(readLines<TimingsRow>(join(folder, 'timings.jsonl'))),
    series: collectSeries(rows, metrics),
    evaluations,
  };
}
