/** Presets as the page names them. */
import { findPreset, PRESETS, presetExperiment } from '../rl/experiment/presets/index.ts';
import type { Outcome, Preset } from '../rl/experiment/presets/preset.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import { formatShare, plural } from './format.ts';
import { settingAt, valuesOf } from './settings.ts';

const experiments = new Map<string, Experiment>();

/** The preset's whole experiment, put together once. */
function startOf(preset: Preset): Experiment {
  const known = experiments.get(preset.id);
  if (known) return known;
  const experiment = presetExperiment(preset);
  experiments.set(preset.id, experiment);
  return experiment;
}

/** A run is called by its preset; one that differs in more than the seed is called changed. */
export function runName(presetId: string): string {
  return findPreset(presetId)?.label ?? 'Own experiment';
}

/** Whether an experiment differs from its preset in anything but the seed. */
export function isChanged(experiment: Experiment, presetId: string): boolean {
  const preset = findPreset(presetId);
  if (!preset) return true;
  const start = new Map(
    valuesOf(startOf(preset)).map(({ setting, value }) => [setting.path, value]),
  );
  const values = valuesOf(experiment);
  if (values.length !== start.size) return true;
  return values.some(
    ({ setting, value }) => setting.path !== 'seed' && !Object.is(start.get(setting.path), value),
  );
}

/**
 * The preset that an experiment from elsewhere differs least from: its run is called by it, and a link to it is shortest. Never one
 * that runs several side by side: an experiment is one run.
 */
export function nearestPreset(experiment: Experiment): string {
  const values = valuesOf(experiment);
  const distance = (preset: Preset) => {
    const start = new Map(
      valuesOf(startOf(preset)).map(({ setting, value }) => [setting.path, value]),
    );
    return values.filter(({ setting, value }) => !Object.is(start.get(setting.path), value)).length;
  };
  const [first, ...others] = PRESETS.filter(({ beside }) => !beside).map((preset) => ({
    id: preset.id,
    away: distance(preset),
  }));
  return others.reduce((best, one) => (one.away < best.away ? one : best), first).id;
}

/** What a preset was measured to do: a row for each of its runs. */
export interface MeasuredCell {
  /** The mean over seeds, with its unit. */
  readonly mean: string;
  /** With several seeds, the least and the most of them, without a unit. */
  readonly spread?: string;
}

export interface MeasuredTable {
  readonly heads: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly MeasuredCell[] }[];
  /** Seeds, time and adapter. */
  readonly note: string;
}

const COLUMNS: readonly { readonly id: keyof Outcome; readonly head: string }[] = [
  { id: 'accuracy', head: 'Right' },
  { id: 'maj_at_16', head: 'Maj@16' },
  { id: 'public', head: 'Public' },
  { id: 'finished', head: 'Finished by a stranger' },
  { id: 'chatter', head: 'Chatter' },
  { id: 'critic', head: 'Critic right' },
  { id: 'tournament', head: 'Winner right' },
  { id: 'tokens', head: 'Tokens' },
];

/** The table of a preset, or undefined where nothing was measured. */
export function measuredTable(preset: Preset): MeasuredTable | undefined {
  const { measured, beside = [] } = preset;
  if (!measured) return undefined;
  const { before, after, seeds, adapter, minutes } = measured;
  const runs = 1 + (measured.beside?.length ?? 0);
  const { allMinutes = runs * minutes } = measured;
  const columns = COLUMNS.filter(({ id }) => after[id] !== undefined);
  const row = (name: string, outcome: Outcome) => ({
    name: name + fewer(outcome, seeds.length),
    cells: columns.map(({ id }) => cellOf(outcome[id], id)),
  });
  const which = runs === 1 + beside.length ? 'all' : 'these';
  const all = runs > 1 ? `, ${timeOf(allMinutes)} for ${which} ${runs},` : '';
  const whose = measured.allMinutes === undefined ? 'a run' : `for ${preset.lead ?? 'it'}`;
  return {
    heads: columns.map(({ head }) => head),
    rows: [
      { ...row('Before', before), name: 'Before' },
      row(preset.lead ?? 'After', after),
      ...(measured.beside ?? []).map((outcome, i) => row(beside[i]?.label ?? '', outcome)),
    ],
    note: `${plural(seeds.length, 'seed')}, ${timeOf(minutes)} ${whose}${all} on ${adapter}. A run here is asked fewer questions, so its numbers can lie a little outside.`,
  };
}

/** How long a run of the preset takes, where no table says it. */
export function timedText({ timed }: Preset): string | undefined {
  if (!timed) return undefined;
  const { minutes, steps, adapter } = timed;
  return `${timeOf(minutes)} a run on ${adapter}: ${steps} of its steps were timed. What it comes to was not measured over several seeds.`;
}

const timeOf = (minutes: number) => `${minutes.toFixed(minutes < 10 ? 1 : 0)} min`;

/** Of a run beside it that was run with fewer seeds, how many. */
function fewer({ accuracy }: Outcome, seeds: number): string {
  return accuracy.length < seeds ? ` (${plural(accuracy.length, 'seed')})` : '';
}

function cellOf(values: readonly number[] | undefined, id: keyof Outcome): MeasuredCell {
  if (!values || values.length === 0) return { mean: '' };
  const show = (value: number) => (id === 'tokens' ? value.toFixed(0) : formatShare(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length === 1) return { mean: show(mean) };
  // The unit is said once.
  const bare = (value: number) => show(value).replace(/\s?%$/, '');
  const spread = `${bare(Math.min(...values))}–${bare(Math.max(...values))}`;
  return { mean: show(mean), spread };
}

/** What a preset has at a path, or undefined where it does not have the setting. */
export function presetValue(presetId: string, path: string): unknown {
  const preset = findPreset(presetId);
  return preset && settingAt(startOf(preset), path)?.value;
}

/** Why the preset has another value than the default at a path, or undefined where it has not or the draft no longer does. */
export function presetReason(presetId: string, path: string, value: unknown): string | undefined {
  const preset = findPreset(presetId);
  if (!preset || !Object.is(presetValue(presetId, path), value)) return undefined;
  return preset.reasons[path];
}
