/** A plan of memory is what a run then holds: on presets as they are, in both profiles. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { Profile } from '../../gpu/adapter.ts';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import { type LoadedModel, loadModelFolder } from '../../model/load.ts';
import { findPreset, presetExperiment } from '../experiment/presets/index.ts';
import { type Experiment, parseExperiment } from '../experiment/schema.ts';
import { Runner } from './runner.ts';

const clock = () => performance.now();
let gpu: Gpu;
afterEach(() => gpu.destroy());

/** Opens a run on a device of its own, so that nothing else counts. */
async function open(experiment: Experiment, profile: Profile): Promise<Runner> {
  const load = (id: string): Promise<LoadedModel> => {
    const folder = new URL(`../../../public/models/${id}/`, import.meta.url);
    return loadModelFolder(async (file) => new Uint8Array(readFileSync(new URL(file, folder))));
  };
  gpu = await Gpu.open(nodeGpu(), { clock, profile });
  const model = await load(experiment.policy);
  return Runner.create(gpu, experiment, model, { clock, models: load });
}

/** Share by which what was held at the peak differs from the plan. */
const off = ({ memory }: Runner) => Math.abs(gpu.peakBytes / memory.total - 1);

it.each([
  ['countdown-grpo', 'scalar'],
  ['chain-ppo', 'scalar'],
  ['raro-ties', 'lanes'],
  ['countdown-kl', 'lanes'],
  ['countdown-micro', 'lanes'],
] as const)('of the preset %s (%s) is within a fifth of what it holds', async (id, profile) => {
  const preset = findPreset(id);
  if (!preset) throw new Error(`no preset ${id}`);
  const runner = await open(presetExperiment(preset), profile);
  // What a checkpoint reads goes through buffers that stay.
  await runner.state();
  expect(runner.gpuBytes).toBeGreaterThan(0);
  expect(off(runner)).toBeLessThan(0.2);
  runner.destroy();
});

it('holds while a run trains, with a second learner that writes', async () => {
  const parsed = parseExperiment({
    ...{ task: { id: 'chain' }, policy: 'policies/chain-nano', evaluation: { every: 0 } },
    method: {
      ...{ name: 'dpo', prompts_per_step: 2, num_generations: 2, max_completion_length: 24 },
    },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const runner = await open(parsed.experiment, 'scalar');
  expect(runner.memory.bytes.learners).toBeGreaterThan(0);
  await runner.next();
  await runner.state();
  expect(off(runner)).toBeLessThan(0.2);
  runner.destroy();
});
