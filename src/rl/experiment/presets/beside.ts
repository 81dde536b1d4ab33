/** The runs that go beside the first of a preset. */
import { changeSetting, sameTerms } from '../change.ts';
import type { Experiment } from '../schema.ts';
import { findPreset, presetExperiment } from './index.ts';
import type { Beside } from './preset.ts';

/** A further run: what it is called and what it runs. */
export interface RunBeside {
  readonly beside: Beside;
  readonly experiment: Experiment;
}

/**
 * What goes beside an experiment that was made from a preset: the experiment with each run's own changes, so that whatever else was
 * changed holds for all. A run is left out where it would differ from none before it. Empty where the preset has no further runs, and
 * where the terms are no longer those that it speaks of.
 */
export function runsBeside(experiment: Experiment, presetId: string): readonly RunBeside[] {
  const preset = findPreset(presetId);
  if (!preset?.beside || !sameTerms(experiment, presetExperiment(preset))) return [];
  const known = new Set([JSON.stringify(experiment)]);
  return preset.beside.flatMap((beside): RunBeside[] => {
    const other = withChanges(experiment, beside.changes);
    const text = JSON.stringify(other);
    if (other === null || known.has(text)) return [];
    known.add(text);
    return [{ beside, experiment: other }];
  });
}

/** Null where a change is no longer allowed. */
function withChanges(experiment: Experiment, changes: Beside['changes']): Experiment | null {
  let changed = experiment;
  for (const [path, value] of Object.entries(changes)) {
    const next = changeSetting(changed, path, value);
    if (!next.ok) return null;
    changed = next.experiment;
  }
  return changed;
}
