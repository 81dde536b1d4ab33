/** What stays of a run when the page clears it: its place among the others. */
import { defaultExperiment, type Experiment } from '../../rl/experiment/schema.ts';
import { type KeptRun, outcomeOf } from '../charts/pareto.ts';
import type { SeriesStore } from '../charts/series.ts';

/** Runs that are kept; older ones go. */
const MOST_KEPT = 8;
/** Steps below which a run says nothing about its experiment. */
const LEAST_STEPS = 5;
/** The task's own reward. */
const OWN_TERMS: readonly string[] = ['answer', 'format'];

/** Whether an experiment is GRPO with no reward beyond the task's own; terms that are only watched do not count. */
export function isPlain({ method, rewards }: Experiment): boolean {
  const paid = rewards.filter(({ weight }) => weight !== 0);
  const plain = method.name === defaultExperiment().method.name;
  return plain && paid.every(({ term }) => OWN_TERMS.includes(term));
}

/** The kept runs with one more, where that has done enough and was measured. */
export function withKept(
  kept: readonly KeptRun[],
  run: { readonly label: string; readonly experiment: Experiment; readonly series: SeriesStore },
): readonly KeptRun[] {
  const { label, experiment, series } = run;
  const outcome = outcomeOf(series);
  if (series.length < LEAST_STEPS || !(outcome.evaluated ?? outcome.trained)) return kept;
  const one = {
    label: `${label}, seed ${experiment.seed}`,
    plain: isPlain(experiment),
    outcome,
  };
  return [...kept, one].slice(-MOST_KEPT);
}
