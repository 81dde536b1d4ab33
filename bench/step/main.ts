/** What `bench/step.mjs` times: whole steps of the default preset, on the device and with the variants that a run would have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gpu } from '../../src/gpu/gpu.ts';
import { nodeGpu } from '../../src/gpu/node.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { loadModelFolder } from '../../src/model/load.ts';
import { countdownGrpo } from '../../src/rl/experiment/presets/countdown-grpo.ts';
import { presetExperiment } from '../../src/rl/experiment/presets/index.ts';
import { Runner } from '../../src/rl/run/runner.ts';

/** CPU time of all threads of this process, milliseconds. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export interface Steps {
  readonly adapter: string;
  /** Does one step. @returns CPU milliseconds of each phase, and the step's metrics */
  readonly run: () => Promise<{ phases: Record<string, number>; metrics: object }>;
  readonly close: () => void;
}

/** @param models folder of the bundled models */
export async function openSteps(models: string): Promise<Steps> {
  const gpu = await Gpu.open(nodeGpu(), { clock: () => performance.now() });
  await tuneVariants(gpu, TYPICAL_SHAPES, () => performance.now());
  const preset = presetExperiment(countdownGrpo);
  // A rate of 0 keeps the policy, so that all builds write the same answers in the same step.
  const experiment = {
    ...preset,
    method: { ...preset.method, learning_rate: 0 },
    evaluation: { ...preset.evaluation, every: 0 },
  };
  const folder = join(models, experiment.policy);
  const model = await loadModelFolder(async (file) => {
    try {
      return new Uint8Array(await readFile(join(folder, file)));
    } catch {
      return null;
    }
  });
  const runner = await Runner.create(gpu, experiment, model, { clock: cpu });
  await runner.prepare();
  return {
    adapter: gpu.info.name,
    async run() {
      const { metrics, timings } = await runner.next();
      await gpu.idle();
      // So that no later step compiles. Builds before 2026-11-30 put nothing off.
      await gpu.catchUp?.();
      const phases = Object.entries(timings.phases).map(([name, s]) => [name, 1000 * s]);
      return { phases: Object.fromEntries(phases), metrics };
    },
    close() {
      runner.destroy();
      gpu.destroy();
    },
  };
}
