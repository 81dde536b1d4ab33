/** Presets as the page names them. */
import { findPreset, PRESETS, presetExperiment } from '../rl/experiment/presets/index.ts';
import type { Preset } from '../rl/experiment/presets/preset.ts';
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
 * that runs two side by side: an experiment is one run.
 */
export function nearestPreset(experiment: Experiment): string {
  const values = valuesOf(experiment);
  const distance = (preset: Preset) => {
    const start = new Map(
      valuesOf(startOf(preset)).map(({ setting, value }) => [setting.path, value]),
    );
    return values.filter(({ setting, value }) => !Object.is(start.get(setting.path), value)).length;
  };
  const [first, ...others] = PRESETS.filter(({ against }) => !against).map((preset) => ({
    id: preset.id,
    away: distance(preset),
  }));
  return others.reduce((best, one) => (one.away < best.away ? one : best), first).id;
}

/** What a preset was measured to do, in one line, or undefined. */
export function measuredText({ measured, against }: Preset): string | undefined {
  if (!measured) return undefined;
  const { before, after, tokens, second, seeds, adapter } = measured;
  const own = [`Accuracy ${meanShare(before)} to ${meanShare(after)}`];
  if (tokens) own.push(`${meanTokens(tokens.before)} to ${meanTokens(tokens.after)} tokens`);
  const beside = second ? [meanShare(second.after)] : [];
  if (second?.tokens) beside.push(`${meanTokens(second.tokens)} tokens`);
  const other = second ? ` (${against?.labels[1]}: ${beside.join(', ')})` : '';
  const minutes = measured.minutes < 10 ? measured.minutes.toFixed(1) : measured.minutes.toFixed(0);
  return `${own.join(', ')} over ${plural(seeds.length, 'seed')}${other}, ${minutes} min on ${adapter}.`;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const meanShare = (values: readonly number[]) => formatShare(mean(values));
const meanTokens = (values: readonly number[]) => mean(values).toFixed(0);

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
