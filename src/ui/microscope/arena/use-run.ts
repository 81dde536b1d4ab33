/** The lab's run as the arena sees it: its pairs, its settings, and whether it is of the task that is looked at. */
import { useMemo } from 'react';
import { PAYOFFS, type Payoffs, payoffsOf } from '../../../rl/critic/payoffs.ts';
import { useRedraw } from '../../charts/use-redraw.ts';
import { useLab, usePage } from '../../context.ts';
import { lead, type RunData } from '../../store/runs.ts';
import { scopeTaskOf } from '../scope-tasks.ts';
import { type RunPair, runPairs } from './run-pairs.ts';

/** Milliseconds between two looks at a run that goes on. */
const PERIOD = 1000;

export interface CriticRun {
  readonly run: RunData;
  /** Among the microscopes' tasks. */
  readonly task: string;
  /** Steps of which pairs are kept, ascending. */
  readonly steps: readonly number[];
  /** The pairs of a step that is kept. */
  readonly pairsAt: (step: number) => readonly RunPair[];
}

/** The lead, where it has pairs to show; undefined otherwise. */
export function useCriticRun(): CriticRun | undefined {
  const { lab } = usePage();
  const run = useLab(lead);
  const samples = run?.record.samples ?? lab.samples;
  const version = useRedraw([samples], true, PERIOD);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the store's contents
  return useMemo(() => {
    if (!run) return undefined;
    const steps = samples.steps();
    const last = steps.at(-1);
    if (last === undefined || runPairs(samples.at(last)).length === 0) return undefined;
    const task = scopeTaskOf(run.experiment.task).id;
    return { run, task, steps, pairsAt: (step) => runPairs(samples.at(step)) };
  }, [run?.id, samples, version]);
}

/** What verdicts pay: by the run's settings where it has them, else the paper's. */
export function usePayoffs(): { readonly payoffs: Payoffs; readonly own: boolean } {
  const method = useLab((data) => lead(data)?.experiment.method);
  const own = method ? payoffsOf(method) : null;
  return { payoffs: own ?? PAYOFFS, own: own !== null };
}
