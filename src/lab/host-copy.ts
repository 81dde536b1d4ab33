/** A run's state on the host: a lost device is made good from it, and checkpoints are written from it. Nobody changes it. */
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Runner, RunState } from '../rl/run/runner.ts';

export interface HostCopy {
  readonly step: number;
  /** With the live settings as of that step. */
  readonly experiment: Experiment;
  readonly state: RunState;
}

export async function copyOf(runner: Runner): Promise<HostCopy> {
  const { step, experiment } = runner;
  return { step, experiment, state: await runner.state() };
}
