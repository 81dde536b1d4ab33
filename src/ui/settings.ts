/**
 * Settings as the panel needs them. Every row, range and word comes from the schema's own declarations; only the order in
 * which rows stand is decided by the page (panel-layout.ts).
 */
import { TASKS, TERMS } from '../rl/experiment/catalog.ts';
import { type Change, changeSetting, diffExperiments } from '../rl/experiment/change.ts';
import { rangeText } from '../rl/experiment/field.ts';
import { isOwnPolicy, ownPolicyName } from '../rl/experiment/own-policy.ts';
import { type Experiment, experimentSchema, type Problem } from '../rl/experiment/schema.ts';
import { type Setting, type SettingValue, settingValues } from '../rl/experiment/settings.ts';
import { formatValue } from './format.ts';

/** Experiments never change in place, so what was read of one is read once. */
const read = new WeakMap<Experiment, readonly SettingValue[]>();

/** Every setting of an experiment with its value, in the schema's order. */
export function valuesOf(experiment: Experiment): readonly SettingValue[] {
  const known = read.get(experiment);
  if (known) return known;
  const values = settingValues(experimentSchema, experiment);
  read.set(experiment, values);
  return values;
}

/** The one setting at a path of this experiment. */
export function settingAt(experiment: Experiment, path: string): SettingValue | undefined {
  return valuesOf(experiment).find((entry) => entry.setting.path === path);
}

/** The experiment with one setting changed, or itself where the change is not allowed. */
export function withSetting(experiment: Experiment, path: string, value: unknown): Experiment {
  const parsed = changeSetting(experiment, path, value);
  return parsed.ok ? parsed.experiment : experiment;
}

/** Whether a path names the same setting in both: the weight at `rewards.1` is another one where the terms differ. */
export function meansTheSame(running: Experiment, draft: Experiment, path: string): boolean {
  const place = /^rewards\.(\d+)\./.exec(path)?.[1];
  const sameTerm =
    place === undefined ||
    running.rewards[Number(place)]?.term === draft.rewards[Number(place)]?.term;
  return sameTerm && settingAt(running, path) !== undefined;
}

/** What the draft changes and a restart would apply. Live settings that are under way to the run are left out. */
export function draftChanges(
  running: Experiment,
  draft: Experiment,
  underWay: readonly string[],
): Change[] {
  return diffExperiments(running, draft).filter(({ path }) => !underWay.includes(path));
}

/** Why a number may not be taken, as a sentence, or undefined where it may. */
export function numberProblem(setting: Setting, value: number | null): string | undefined {
  const { min = -Infinity, max = Infinity, exclusiveMin, integer, unit, nullMeans } = setting;
  if (value === null) return nullMeans === undefined ? 'A number is needed.' : undefined;
  const low = exclusiveMin ? value <= min : value < min;
  const whole = !integer || Number.isInteger(value);
  if (Number.isFinite(value) && !low && value <= max && whole) return undefined;
  return asSentence(rangeText({ min, max, exclusiveMin, integer, unit }));
}

/** A problem of the schema without the field's path, which stands beside the control already. */
export function problemText({ field, message }: Problem): string {
  const text = message.startsWith(`${field} `) ? message.slice(field.length + 1) : message;
  return asSentence(text);
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}

/** A setting's value in the words of its options, or as a number with its unit. */
export function valueText(setting: Setting, value: unknown): string {
  if (value === null && setting.nullMeans !== undefined) return setting.nullMeans;
  const option = setting.options?.find((known) => known.value === value);
  if (option) return optionName(option.label);
  if (typeof value === 'string' && isOwnPolicy(value)) return `${ownPolicyName(value)}, your own`;
  return formatValue(value);
}

/** `Countdown nano (4 x 64)` is called `Countdown nano`; what stands in brackets is its note. */
export function optionName(label: string): string {
  return label.replace(/\s*\(.*\)$/, '');
}

/** The note of the chosen option, as a sentence, or undefined. */
export function optionNote(setting: Setting, value: unknown): string | undefined {
  const label = setting.options?.find((known) => known.value === value)?.label ?? '';
  const note = /\((.*)\)$/.exec(label)?.[1];
  return note && asSentence(note);
}

/** One side of a change as a person reads it. A whole part shows what tells it apart. */
export function changeText(experiment: Experiment, change: Change, value: unknown): string {
  const entry = settingAt(experiment, change.path);
  if (entry) return valueText(entry.setting, value);
  if (Array.isArray(value)) return value.map((part) => partName(part)).join(', ');
  return partName(value);
}

/** A reward term or a task by its label, anything else by its first value. */
function partName(part: unknown): string {
  if (typeof part !== 'object' || part === null) return formatValue(part);
  const first = Object.values(part)[0];
  if ('term' in part && isIn(TERMS, first)) return TERMS[first].label;
  if ('id' in part && isIn(TASKS, first)) return TASKS[first].label;
  return formatValue(first);
}

function isIn<T extends object>(table: T, name: unknown): name is keyof T {
  return typeof name === 'string' && Object.hasOwn(table, name);
}
