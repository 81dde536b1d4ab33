/** The second of two runs that go side by side. */
import { changeSetting, sameTerms } from '../change.ts';
import type { Experiment } from '../schema.ts';
import { findPreset, presetExperiment } from './index.ts';
import type { Against } from './preset.ts';

/** A second run: what it is called and what it runs. */
export interface SecondRun {
  readonly against: Against;
  readonly experiment: Experiment;
}

/**
 * What goes beside an experiment that was made from a preset: the experiment with the preset's changes, so that whatever else was
 * changed holds for both. Null where the preset has no second run, where the terms are no longer those that it speaks of, and
 * where nothing would differ.
 */
export function secondRun(experiment: Experiment, presetId: string): SecondRun | null {
  const preset = findPreset(presetId);
  const against = preset?.against;
  if (!preset || !against || !sameTerms(experiment, presetExperiment(preset))) return null;
  let other = experiment;
  for (const [path, value] of Object.entries(against.changes)) {
    const changed = changeSetting(other, path, value);
    if (!changed.ok) return null;
    other = changed.experiment;
  }
  return JSON.stringify(other) === JSON.stringify(experiment)
    ? null
    : { against, experiment: other };
}
