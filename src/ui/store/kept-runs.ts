/** Which runs stay in the map once their group is cleared, and their place among the others. */
import { needsVerifier } from '../../rl/experiment/catalog.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { type KeptRun, outcomeOf } from '../charts/pareto.ts';
import { presentGroup, type RunData, type Runs } from './runs.ts';

/** Runs that are kept; older ones go. */
const MOST_KEPT = 8;
/** Steps below which a run says nothing about its experiment. */
const LEAST_STEPS = 5;
/** The task's own reward. */
const OWN_TERMS: readonly string[] = ['answer', 'format'];

/** Whether an experiment compares answers within their groups, as GRPO does, with no reward beyond the task's own; terms that are only watched do not count. */
export function isPlain({ method, rewards }: Experiment): boolean {
  const paid = rewards.filter(({ weight }) => weight !== 0);
  const own = paid.every(({ term, permuted }) => OWN_TERMS.includes(term) && !permuted);
  return methodOf(method).charts.groups && own;
}

/** What the verifier does in an experiment, as a clause after "the verifier"; undefined where nothing is said of it. */
export function verifierClause({ method, rewards }: Experiment): string | undefined {
  const { rewarded, charts } = methodOf(method);
  const paid = rewarded && rewards.some((one) => one.weight !== 0 && needsVerifier(one));
  return paid ? 'pays' : charts.watched;
}

/**
 * Without a present group: its runs that have done enough and were measured stay among the earlier ones, the oldest of which
 * go. Samples are not kept: they are most of what a run holds.
 */
export function retired(data: Runs): Runs {
  const present = presentGroup(data)?.runs ?? [];
  const worth = [...data.runs.values()].filter((run) => {
    if (!present.includes(run.id)) return true;
    run.record.samples.clear();
    return saysSomething(run);
  });
  const runs = new Map(worth.slice(-MOST_KEPT).map((run) => [run.id, run]));
  const groups = data.groups
    .map((group) => ({ ...group, runs: group.runs.filter((id) => runs.has(id)) }))
    .filter((group) => group.runs.length > 0);
  return { runs, groups, present: null, drawn: [] };
}

function saysSomething({ record: { series } }: RunData): boolean {
  const { evaluated, trained } = outcomeOf(series);
  return series.length >= LEAST_STEPS && (evaluated ?? trained) !== null;
}

/** An earlier run by what it came to. */
export function keptRun({ label, experiment, record, changes }: RunData): KeptRun {
  const seed = `seed ${experiment.seed}`;
  const moved = changes.length > 0 ? ', moved live' : '';
  return {
    label: (label.toLowerCase().endsWith(seed) ? label : `${label}, ${seed}`) + moved,
    plain: isPlain(experiment),
    outcome: outcomeOf(record.series),
  };
}
