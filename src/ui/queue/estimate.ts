/** How long runs that wait will take, from the seconds a step that runs like them took. */
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { identityText } from '../../rl/experiment/canonical.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';

/** Whether two experiments differ in nothing but the seed. */
export function sameSetting(a: Experiment, b: Experiment): boolean {
  return settingText(a) === settingText(b);
}

const texts = new WeakMap<Experiment, string>();

/** The identity of an experiment without its seed. */
export function settingText(experiment: Experiment): string {
  const known = texts.get(experiment);
  if (known !== undefined) return known;
  const text = identityText({ ...experiment, seed: 0 });
  texts.set(experiment, text);
  return text;
}

/**
 * Seconds a step: of the newest stored run of the same setting on this adapter, else of one with the same policy, task and method.
 * Null where none was timed.
 */
export function secondsPerStep(
  experiment: Experiment,
  seeds: readonly SeedRun[],
  adapter: string | undefined,
): number | null {
  const timed = seeds.filter((run) => run.secondsPerStep !== null && run.adapter === adapter);
  const latest = (runs: readonly SeedRun[]) =>
    [...runs].sort((a, b) => (a.saved < b.saved ? 1 : -1))[0]?.secondsPerStep ?? null;
  const same = timed.filter((run) => sameSetting(run.experiment, experiment));
  if (same.length > 0) return latest(same);
  const alike = timed.filter(
    ({ experiment: { policy, task, method } }) =>
      policy === experiment.policy &&
      task.id === experiment.task.id &&
      method.name === experiment.method.name,
  );
  return latest(alike);
}

/** Seconds of all runs together; null where one of them is not known. */
export function secondsOf(
  experiments: readonly Experiment[],
  seeds: readonly SeedRun[],
  adapter: string | undefined,
): number | null {
  let sum = 0;
  for (const experiment of experiments) {
    const each = secondsPerStep(experiment, seeds, adapter);
    if (each === null) return null;
    sum += each * experiment.steps;
  }
  return sum;
}

/** about 4 min; under a minute; about 2 h. */
export function aboutText(seconds: number | null): string {
  if (seconds === null) return 'time not known yet';
  if (seconds < 45) return 'under a minute';
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min`;
  return `about ${(seconds / 3600).toFixed(seconds < 36_000 ? 1 : 0)} h`;
}
