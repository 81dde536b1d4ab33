/** One training step on the laboratory's own device, every dispatch timed in its order. */
import type { Gpu } from '../../gpu/gpu.ts';
import type { Steps } from '../../gpu/kernel.ts';
import { median, onceTimedBy, timeOnce } from '../../gpu/profile.ts';
import { type FileReader, loadModelFolder } from '../../model/load.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { createRewards } from '../../rl/rewards/index.ts';
import { Runner } from '../../rl/run/runner.ts';
import type { Advance, Phase, StepDispatch, StepProfile } from './protocol.ts';

/** The phase that a recording belongs to, told by the kernels in it. */
export function phaseOf(kernels: readonly string[]): Phase {
  const has = (...parts: string[]) =>
    kernels.some((name) => parts.some((part) => name.includes(part)));
  if (has('adamw')) return 'update';
  if (has('sample', 'decode')) return 'sample';
  if (has('backward', 'gradient')) return 'backward';
  return 'forward';
}

/** The experiment without receivers and evaluations: neither is work for this device's kernels. */
function alone(experiment: Experiment): Experiment {
  const rewards = experiment.rewards.filter(
    (reward) => createRewards([reward])[0].term.prepare === undefined,
  );
  return { ...experiment, rewards, evaluation: { ...experiment.evaluation, every: 0 } };
}

/** A recording that is replayed many times, such as a decode step, is timed at its first two uses and then at every eighth. */
const TIMED_EVERY = 8;

/**
 * Does one step of an experiment from the policy's own weights and throws the result away. A replay that is not timed itself counts with
 * the times of the last one that was: timing every dispatch of a long generation from outside would take minutes.
 * @param tell is told the number of dispatches so far
 * @throws BadConfig, BadFile, DeviceLost, and NoWebGpu before it
 */
export async function profileStep(
  gpu: Gpu,
  experiment: Experiment,
  read: FileReader,
  clock: () => number,
  tell: (advance: Advance) => void,
): Promise<StepProfile> {
  const model = await loadModelFolder(read);
  const trainer = await Runner.create(gpu, alone(experiment), model, { clock });
  const dispatches: StepDispatch[] = [];
  const lately = new Map<Steps, { uses: number; times: readonly number[] }>();
  let timed = 0;
  const clockSteps: number[] = [];
  const forget = gpu.observe(async (recording, replay) => {
    const last = lately.get(recording) ?? { uses: 0, times: [] };
    if (last.uses < 2 || last.uses % TIMED_EVERY === 0) {
      const once = await timeOnce(gpu, recording, clock);
      last.times = once.times;
      clockSteps.push(once.clockStep);
      timed += last.times.length;
    } else await replay();
    last.uses += 1;
    lately.set(recording, last);
    const phase = phaseOf(recording.steps.map(({ kernel }) => kernel.name));
    recording.steps.forEach(({ kernel, label, flop, bytes }, i) => {
      const { name, variant } = kernel;
      dispatches.push({ kernel: name, variant, label, phase, ms: last.times[i], flop, bytes });
    });
    tell({ done: dispatches.length, total: 0 });
  });
  try {
    await trainer.next();
  } finally {
    forget();
    trainer.destroy();
  }
  const timedBy = onceTimedBy(gpu);
  // Timestamps of one recording may all be multiples of more than the clock's step. Round trips differ more or less by chance.
  const known = clockSteps.filter((each) => each > 0);
  const clockStep = timedBy === 'timestamps' ? Math.min(...known) : median(known);
  return {
    ...{ timedBy, policy: experiment.policy, dispatches, timed },
    clockStep: known.length > 0 ? clockStep : 0,
  };
}
