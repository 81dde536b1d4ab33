/** One training step on the laboratory's own device, every dispatch timed in its order. */
import type { Gpu } from '../../gpu/gpu.ts';
import { onceMethod, timeOnce } from '../../gpu/profile.ts';
import { type FileReader, loadModelFolder } from '../../model/load.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { createRewards } from '../../rl/rewards/index.ts';
import { Trainer } from '../../rl/trainer.ts';
import type { Phase, StepDispatch, StepProfile } from './protocol.ts';

/** The phase of a recording, told by the kernels in it: each recording belongs to one phase. */
export function phaseOf(kernels: readonly string[]): Phase {
  const has = (...parts: string[]) =>
    kernels.some((name) => parts.some((part) => name.includes(part)));
  if (has('adamw')) return 'update';
  if (has('sample', 'decode', 'cache')) return 'sample';
  if (has('backward', 'gradient')) return 'backward';
  return 'forward';
}

/** Without what would start receivers or an evaluation: neither is work of this device's kernels. */
function alone(experiment: Experiment): Experiment {
  const rewards = experiment.rewards.filter(
    (reward) => createRewards([reward])[0].term.prepare === undefined,
  );
  return { ...experiment, rewards, evaluation: { ...experiment.evaluation, every: 0 } };
}

/**
 * Does one step of an experiment from the policy's own weights and throws the result away.
 * @throws BadConfig, BadFile, DeviceLost, and NoWebGpu before it
 */
export async function profileStep(
  gpu: Gpu,
  experiment: Experiment,
  read: FileReader,
  clock: () => number,
): Promise<StepProfile> {
  const model = await loadModelFolder(read);
  const trainer = await Trainer.create(gpu, alone(experiment), model, { clock });
  const dispatches: StepDispatch[] = [];
  const replay = gpu.replay.bind(gpu);
  gpu.replay = async (recording) => {
    const times = await timeOnce(gpu, recording, clock);
    const phase = phaseOf(recording.steps.map(({ kernel }) => kernel.name));
    recording.steps.forEach(({ kernel, label, flop, bytes }, i) => {
      const { name, variant } = kernel;
      dispatches.push({ kernel: name, variant, label, phase, ms: times[i], flop, bytes });
    });
  };
  try {
    await trainer.next();
  } finally {
    gpu.replay = replay;
    trainer.destroy();
  }
  return { method: onceMethod(gpu), policy: experiment.policy, dispatches };
}
