/** Who may answer, and which reward may read: the bundled models, those of the lab's run as they are now, and policies that a person has opened. */
import { useState } from 'react';
import { useStore } from 'zustand';
import { toReport } from '../../errors.ts';
import { useLab, usePage } from '../context.ts';
import type { Lab } from '../lab.ts';
import { runName } from '../presets.ts';
import { rewardReading } from '../reward-of-run.ts';
import { shownPreset } from '../store/lab-data.ts';
import { lead, type RunData } from '../store/runs.ts';
import { keptPolicy, type ModelChoice, notedFor, policiesOf, rewardsOf } from './models.ts';
import { scopeTaskOf } from './scope-tasks.ts';

export interface ModelOption {
  readonly key: string;
  readonly label: string;
  readonly load: () => Promise<ModelChoice>;
}

/** The options of a select. `problem` says why the lab's model could not be taken, the last time it was tried. */
export interface ModelOptions {
  readonly choices: readonly ModelOption[];
  readonly problem: string | undefined;
}

/** The policies of a task, that of the lab's run first where it is of that task, and a person's own last. */
export function usePolicyChoices(task: string): ModelOptions {
  const run = useTrainedRun();
  const here = run && scopeTaskOf(run.experiment.task).id === task ? run : undefined;
  const bundled = policiesOf(task).map((choice) => {
    const before = here?.experiment.policy === choice.ref.key;
    return optionOf(choice, before ? `${choice.name}, before training` : choice.name);
  });
  const own = useStore(usePage().ownPolicies.store).map(({ id, name }) =>
    optionOf(keptPolicy(id), `${name}, your own`),
  );
  return useWithLab(here, labPolicy, [...bundled, ...own]);
}

/** The reward models, those of the task first; before them that of the lab's run, where it trains one. */
export function useRewardChoices(task: string): ModelOptions {
  const run = useTrainedRun();
  const here = run && rewardReading(run.experiment) ? run : undefined;
  return useWithLab(
    here,
    async (lab, of) => notedFor(await labReward(lab, of), task),
    rewardsOf(task).map((choice) => optionOf(choice, choice.name)),
  );
}

/** The lab's run, once it has made a step. */
function useTrainedRun(): RunData | undefined {
  const run = useLab(lead);
  return run && run.step > 0 ? run : undefined;
}

const optionOf = (choice: ModelChoice, label: string): ModelOption => ({
  ...{ key: choice.ref.key, label },
  load: async () => choice,
});

/** Puts what the run has trained before what is bundled. Where it cannot be had, the first bundled one stands in. */
function useWithLab(
  run: RunData | undefined,
  take: (lab: Lab, run: RunData) => Promise<ModelChoice>,
  bundled: readonly ModelOption[],
): ModelOptions {
  const { lab } = usePage();
  const [problem, setProblem] = useState<string>();
  if (!run) return { choices: bundled, problem };
  const now: ModelOption = {
    key: 'lab/now',
    label: `${runName(shownPreset(lab.data))}, step ${run.step}`,
    load: async () => {
      try {
        const choice = await take(lab, run);
        setProblem(undefined);
        return choice;
      } catch (error) {
        setProblem(toReport(error).message);
        return bundled[0].load();
      }
    },
  };
  return { choices: [now, ...bundled], problem };
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

/** The reward that a run has learned so far. @throws Cancelled where the run has been reset meanwhile; BadConfig where it trains none */
async function labReward(lab: Lab, { id, experiment }: RunData): Promise<ModelChoice> {
  const weights = await lab.exportModel(id, 'reward-model');
  const { hash, step } = lab.data.runs.get(id) ?? { hash: '', step: 0 };
  const reading = rewardReading(experiment);
  return {
    ref: {
      ...{ kind: 'lab', key: `lab/${hash}/reward`, folder: experiment.policy, weights },
      ...(reading && { reading }),
    },
    name: `${runName(shownPreset(lab.data))}, step ${step}`,
    note: '',
    task: scopeTaskOf(experiment.task).id,
  };
}
