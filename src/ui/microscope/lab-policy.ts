/** Who may answer: the bundled policies of the task, the lab's own as it is now, and those that a person has opened. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { toReport } from '../../errors.ts';
import { useLab, usePage } from '../context.ts';
import type { Lab } from '../lab.ts';
import { runName } from '../presets.ts';
import { shownPreset } from '../store/lab-data.ts';
import { lead, type RunData } from '../store/runs.ts';
import { keptPolicy, type ModelChoice, policiesOf } from './models.ts';
import { scopeTaskOf } from './scope-tasks.ts';

interface PolicyOption {
  readonly key: string;
  readonly label: string;
  readonly load: () => Promise<ModelChoice>;
}

/** The options of a policy's select. `problem` says why the lab's policy could not be taken, the last time it was tried. */
export function usePolicyChoices(task: string): {
  readonly choices: readonly PolicyOption[];
  readonly problem: string | undefined;
} {
  const { lab, ownPolicies } = usePage();
  const kept = useStore(ownPolicies.store);
  const [problem, setProblem] = useState<string>();
  const run = useLab(lead);
  const fits = run && run.step > 0 && scopeTaskOf(run.experiment.task).id === task;
  const here = fits ? run : undefined;
  const bundled = policiesOf(task).map((choice): PolicyOption => {
    const before = here?.experiment.policy === choice.ref.key;
    return {
      key: choice.ref.key,
      label: before ? `${choice.name}, before training` : choice.name,
      load: async () => choice,
    };
  });
  const own = kept.map(
    ({ id, name }): PolicyOption => ({
      ...{ key: id, label: `${name}, your own` },
      load: async () => keptPolicy(id),
    }),
  );
  if (!here) return { choices: [...bundled, ...own], problem };
  const now: PolicyOption = {
    key: 'lab/now',
    label: `${runName(shownPreset(lab.data))}, step ${here.step}`,
    load: async () => {
      try {
        const choice = await labPolicy(lab, here);
        setProblem(undefined);
        return choice;
      } catch (error) {
        setProblem(toReport(error).message);
        return policiesOf(task)[0];
      }
    },
  };
  return { choices: [now, ...bundled, ...own], problem };
}

/** A run's policy as it is now, with its weights. @throws Cancelled where the run has been reset meanwhile */
async function labPolicy(lab: Lab, { id, experiment }: RunData): Promise<ModelChoice> {
  const weights = await lab.exportModel(id);
  const { hash, step } = lab.data.runs.get(id) ?? { hash: '', step: 0 };
  return {
    ref: { kind: 'lab', key: `lab/${hash}`, folder: experiment.policy, weights },
    name: `${runName(shownPreset(lab.data))}, step ${step}`,
    note: 'the lab’s policy as it was at this step',
  };
}
