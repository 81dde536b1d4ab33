import type { Experiment } from './schema.ts';

/**
 * The step of a run's last evaluation on the way, where training goes on after it: an evaluation is due every so many steps, and the
 * last step is no exception.
 * @returns 0 for the one before training; null where the last step is evaluated, or none is
 */
export function lastEvaluation({
  steps,
  evaluation: { every },
}: {
  readonly steps: number;
  readonly evaluation: Pick<Experiment['evaluation'], 'every'>;
}): number | null {
  const after = every > 0 ? steps % every : 0;
  return after === 0 ? null : steps - after;
}
