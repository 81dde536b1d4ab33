/** What is to run side by side: the draft with what its preset sets beside it, or experiments that a script gives. */
import { BatonError } from '../errors.ts';
import { diffExperiments } from '../rl/experiment/change.ts';
import { runsBeside } from '../rl/experiment/presets/beside.ts';
import { findPreset } from '../rl/experiment/presets/index.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';
import { misfitOf } from '../rl/run/fit.ts';
import { nearestPreset, runName } from './presets.ts';
import { settingAt, valueText } from './settings.ts';
import { freshRun, type Group, type RunData } from './store/runs.ts';

export type PlannedRun = Pick<RunData, 'label' | 'experiment' | 'apart'>;

export interface Plan {
  /** At least one; the first is the lead, which the panel shows. */
  readonly runs: readonly [PlannedRun, ...PlannedRun[]];
  /** The preset that the lead was made from, by id. */
  readonly preset: string;
  /** What the list of runs calls it; its preset's name where left out. */
  readonly title?: string;
  /** What tells the runs apart, in a sentence. */
  readonly note?: string;
}

/** The n-th group of the page, and its runs before their first step. @param stored the runs' places in the store */
export function groupOf(
  { preset, note, runs: planned }: Plan,
  n: number,
  stored: readonly string[],
): { readonly group: Group; readonly runs: readonly RunData[] } {
  const id = `group-${n}`;
  const runs = planned.map((run, i) => freshRun({ id: `${id}/run-${i + 1}`, ...run }, stored[i]));
  const ids = runs.map((run) => run.id);
  return { group: { id, runs: ids, preset, ...(note !== undefined && { note }) }, runs };
}

/** Most runs of one group: each holds a trainer on the device. */
export const MOST_RUNS = 16;
/** Most settings that a run is called by. */
const NAMING_SETTINGS = 3;

/** What Run starts. */
export function planOfDraft(draft: Experiment, preset: string): Plan {
  const beside = runsBeside(draft, preset);
  if (beside.length === 0) {
    return { preset, runs: [{ label: runName(preset), experiment: draft, apart: [] }] };
  }
  return {
    preset,
    note: beside.map((run) => run.beside.what).join(' '),
    runs: [
      { label: findPreset(preset)?.lead ?? runName(preset), experiment: draft, apart: [] },
      ...beside.map(({ beside: { label, changes }, experiment }) => ({
        ...{ label, experiment, apart: Object.keys(changes) },
      })),
    ],
  };
}

/** Why what Run starts would be refused; null where all of it fits. */
export function misfitOfDraft({
  draft,
  preset,
}: {
  readonly draft: Experiment;
  readonly preset: string;
}): BatonError | null {
  const misfit = misfitOf(draft);
  if (misfit) return misfit;
  const others = runsBeside(draft, preset).map(({ experiment }) => misfitOf(experiment));
  return others.find((other) => other !== null) ?? null;
}

/**
 * Experiments side by side, called by the settings in which they differ. What is left out of one takes its default.
 * @throws BadConfig where there are none or more than 16, with the field `runs`, or where one is not allowed, with the field
 *   `runs.PLACE.SETTING`
 */
export function planOf(given: readonly unknown[]): Plan {
  // Counted before any of them is looked at.
  const [first, ...others] = given.length > MOST_RUNS ? [] : Array.from(given, experimentAt);
  if (!first) {
    throw new BatonError({
      kind: 'BadConfig',
      field: 'runs',
      message: `A group has 1 to ${MOST_RUNS} runs, and ${given.length} were given`,
      remedy: 'Nothing was changed. Start them in several groups.',
    });
  }
  const preset = nearestPreset(first);
  const apart = others.map((other) => diffExperiments(first, other).map(({ path }) => path));
  const paths = [...new Set(apart.flat())].slice(0, NAMING_SETTINGS);
  const labels = unlike(
    [first, ...others].map((one, i) => nameBy(paths, one) || (i === 0 ? runName(preset) : 'Same')),
  );
  return {
    preset,
    runs: [
      { label: labels[0], experiment: first, apart: [] },
      ...others.map((experiment, i) => ({ label: labels[i + 1], experiment, apart: apart[i] })),
    ],
  };
}

function experimentAt(given: unknown, place: number): Experiment {
  const parsed = parseExperiment(given);
  if (parsed.ok) return parsed.experiment;
  const [problem] = parsed.problems;
  throw new BatonError({
    kind: 'BadConfig',
    field: `runs.${place}.${problem.field}`,
    message: parsed.problems.map(({ message }) => message).join('; '),
    remedy: 'Nothing was changed. Correct it and run again.',
  });
}

/** `Seed 3`, `Learning rate 1.0e-4, Seed 3`: the settings at these paths, those that the experiment has. */
function nameBy(paths: readonly string[], experiment: Experiment): string {
  return paths
    .flatMap((path) => settingAt(experiment, path) ?? [])
    .map(({ setting, value }) => `${setting.label} ${valueText(setting, value)}`)
    .join(', ');
}

/** Names that occur more than once are numbered from the second on. */
function unlike(names: readonly string[]): readonly string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((one) => one === name).length;
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}
