/** How often each alert fires on the runs of the studies, healthy ones and failures made on purpose: what the thresholds are held against. */
import { runsBeside } from '../../rl/experiment/presets/beside.ts';
import { findPreset, presetExperiment } from '../../rl/experiment/presets/index.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { alertsOf } from './alerts.ts';

/** A column of a run as the studies keep it: each value is the mean of the steps since the one before it. */
export interface KeptColumn {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface KeptRun {
  readonly arm: string;
  readonly seed: number;
  readonly series: Readonly<Record<string, KeptColumn>>;
}

/** The runs of a preset in a study's raw data: its arms are the runs of the preset, in their order. */
export interface Watched {
  readonly preset: string;
  /** Below docs/results. */
  readonly folder: string;
  readonly arms: readonly string[];
  /** Of the arms, those in which something goes wrong on purpose. */
  readonly wrong: readonly string[];
}

export const WATCHED: readonly Watched[] = [
  {
    ...{ preset: 'two-dialects', folder: 'rltr/raw/dialects', wrong: [] },
    arms: ['rltr', 'rlvr', 'permuted'],
  },
  {
    ...{ preset: 'private-better', folder: 'rltr/raw/private', wrong: [] },
    arms: ['rltr', 'rlvr'],
  },
  { ...{ preset: 'rare-answers', folder: 'rltr/raw/rare', wrong: [] }, arms: ['rltr', 'rlvr'] },
  {
    ...{ preset: 'leave-it-to-the-receiver', folder: 'rltr/raw/hack' },
    ...{ arms: ['free', 'form'], wrong: ['free'] },
  },
  {
    ...{ preset: 'chatter', folder: 'sar/raw/chatter', wrong: [] },
    arms: ['sar-020', 'grpo', 'permuted'],
  },
  {
    ...{ preset: 'sar-alone', folder: 'sar/raw/chatter' },
    ...{ arms: ['alone', 'sar-020'], wrong: ['alone'] },
  },
  {
    ...{ preset: 'raro-against-rlvr', folder: 'raro/raw/chain', wrong: [] },
    arms: ['raro', 'rlvr', 'sft'],
  },
  {
    ...{ preset: 'blind-critic', folder: 'raro/raw/chain' },
    ...{ arms: ['blind', 'blind-no-tie'], wrong: ['blind', 'blind-no-tie'] },
  },
  {
    ...{ preset: 'airl-against-sft', folder: 'airl/raw/chain', wrong: [] },
    arms: ['sparse', 'sft', 'rlvr'],
  },
  {
    ...{ preset: 'frozen-reward', folder: 'airl/raw/chain' },
    ...{ arms: ['frozen', 'dense'], wrong: ['frozen'] },
  },
];

/** Alerts whose columns the studies do not keep. */
export const NOT_KEPT = ['reward-hacked', 'kl-blow-up', 'clipped'] as const;

/** The rows of a run, step by step. Evaluations keep their steps, every other value stands for all of its own. */
export function rowsOf({ series }: Pick<KeptRun, 'series'>): readonly MetricsRow[] {
  const rows = new Map<number, Record<string, number>>();
  for (const [name, { steps, values }] of Object.entries(series)) {
    steps.forEach((step, i) => {
      const value = values[i];
      if (value === null) return;
      const from = name.startsWith('eval/') ? step : (steps[i - 1] ?? 0) + 1;
      for (let at = from; at <= step; at += 1) {
        const row = rows.get(at) ?? {};
        row[name] = value;
        rows.set(at, row);
      }
    });
  }
  return [...rows].sort(([a], [b]) => a - b).map(([step, row]) => ({ ...row, step }));
}

/** Steps between two looks at a run. */
const EVERY = 5;

/** Every alert that stood at some of the looks. */
export function firedOn(run: KeptRun, experiment: Pick<Experiment, 'method'>): ReadonlySet<string> {
  const rows = rowsOf(run);
  const looks = rows.flatMap((_, i) => (i % EVERY === 0 || i === rows.length - 1 ? [i + 1] : []));
  return new Set(
    looks.flatMap((end) => alertsOf(rows.slice(0, end), experiment).map(({ id }) => id)),
  );
}

/** A line of the table: a preset's run, and how many of its seeds each alert fired on. */
export interface Fired {
  readonly preset: string;
  readonly run: string;
  readonly wrong: boolean;
  readonly seeds: number;
  /** By alert, those that fired at all. */
  readonly alerts: ReadonlyMap<string, number>;
}

/** @param runs all of the folder */
export function firedIn({ preset: id, arms, wrong }: Watched, runs: readonly KeptRun[]): Fired[] {
  const preset = findPreset(id);
  if (!preset) throw new RangeError(`there is no preset ${id}`);
  const first = presetExperiment(preset);
  const all = [
    { label: preset.lead ?? '', experiment: first },
    ...runsBeside(first, id).map(({ beside: { label }, experiment }) => ({ label, experiment })),
  ];
  return arms.map((arm, i) => {
    const own = runs.filter((run) => run.arm === arm);
    const alerts = new Map<string, number>();
    for (const run of own)
      for (const alert of firedOn(run, all[i].experiment))
        alerts.set(alert, (alerts.get(alert) ?? 0) + 1);
    const about = { preset: preset.label, run: all[i].label, wrong: wrong.includes(arm) };
    return { ...about, seeds: own.length, alerts };
  });
}
