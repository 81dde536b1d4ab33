/** Tests and screenshots only: stored runs in numbers, made of a few. */
import { defaultExperiment, type Experiment } from '../../../rl/experiment/schema.ts';
import type { SeedRun } from '../seed-run.ts';

/** @param accuracy at steps 0, 5, 10 and so on */
export function madeRun(
  seed: number,
  accuracy: readonly number[],
  more: Partial<SeedRun> = {},
): SeedRun {
  const experiment: Experiment = {
    ...defaultExperiment(),
    ...{ seed, steps: 5 * (accuracy.length - 1) },
    ...more.experiment,
  };
  return {
    ...{ id: `run-${seed}/0`, stored: `run-${seed}`, place: 0, key: 'a' },
    ...{ name: 'RLVR', preset: 'p' },
    ...{ created: '2026-11-30T03:00:00Z', saved: '2026-11-30T04:00:00Z', seed },
    ...{ adapter: 'apple metal-3', build: '0.1.0', hash: 'ab'.repeat(32), state: 'done' },
    ...{ step: experiment.steps, changes: [], bytes: 1000, experimentHash: '', secondsPerStep: 2 },
    metrics: accuracy.map((value, i) => ({ step: 5 * i, 'eval/accuracy': value, reward: value })),
    ...more,
    experiment,
  };
}
