/** Which presets train a critic on a task of the microscopes, so that their pairs can be looked at in the arena. */
import { PRESETS, presetExperiment } from '../../../rl/experiment/presets/index.ts';
import type { Preset } from '../../../rl/experiment/presets/preset.ts';
import { methodOf } from '../../../rl/methods/index.ts';
import { scopeTaskOf } from '../scope-tasks.ts';

export interface Fitting {
  /** Those of the task itself, in the order of the shelf. */
  readonly here: readonly Preset[];
  /** Tasks of the microscopes for which there is one, where there is none for this. */
  readonly elsewhere: readonly string[];
}

/** @param task by its id among the microscopes' tasks */
export function fittingPresets(task: string): Fitting {
  const critics = PRESETS.map((preset) => ({ preset, experiment: presetExperiment(preset) }))
    .filter(({ experiment: { method } }) => {
      const { critic } = methodOf(method);
      return critic !== null && !('key' in critic);
    })
    .map(({ preset, experiment }) => ({ preset, of: scopeTaskOf(experiment.task) }));
  const here = critics.filter(({ of }) => of.id === task).map(({ preset }) => preset);
  const elsewhere = [...new Set(critics.map(({ of }) => of.label))];
  return { here, elsewhere: here.length > 0 ? [] : elsewhere };
}
