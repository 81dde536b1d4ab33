/** A plan of memory is what a run then holds: on presets as they are, in both profiles. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { Profile } from '../../gpu/adapter.ts';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import { createReceivers } from '../../lab/receivers.ts';
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
  const receivers = createReceivers({ gpu, policy: model, fp16: experiment.method.fp16, load });
  return Runner.create(gpu, experiment, model, { clock, models: load, receivers });
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

const SMALL = { prompts_per_step: 2, num_generations: 4, max_completion_length: 24 };
const TRAINED: [string, Profile, Record<string, unknown>][] = [
  ['GRPO with a reference', 'lanes', { method: { ...SMALL, beta: 0.1 } }],
  [
    'GRPO with an evaluation',
    'scalar',
    { method: SMALL, evaluation: { every: 1, prompts: 8, samples: 4 } },
  ],
  [
    'GRPO with a receiver in its reward and another in its evaluation',
    'scalar',
    {
      method: SMALL,
      rewards: [{ term: 'answer' }, { term: 'transfer', receivers: 'policy' }],
      evaluation: { every: 2, prompts: 4, samples: 2, receivers: 'receivers/chain-pico' },
    },
  ],
  [
    'GRPO with a receiver, all in halves',
    'scalar',
    {
      method: { ...SMALL, fp16: true },
      rewards: [{ term: 'answer' }, { term: 'transfer', receivers: 'policy' }],
    },
  ],
  [
    'PPO',
    'scalar',
    {
      method: {
        ...{ name: 'ppo', prompts_per_step: 8, max_completion_length: 24 },
        ...{ num_mini_batches: 2 },
      },
    },
  ],
  // With a second learner that writes.
  ['DPO', 'scalar', { method: { ...SMALL, name: 'dpo', num_generations: 2 } }],
];

it.each(TRAINED)('holds while a run trains: %s (%s)', async (_, profile, differences) => {
  const parsed = parseExperiment({
    ...{ steps: 2, task: { id: 'chain' }, policy: 'policies/chain-nano' },
    ...{ evaluation: { every: 0 }, ...differences },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const runner = await open(parsed.experiment, profile);
  await runner.prepare();
  while (!runner.finished) await runner.next();
  await runner.state();
  expect(off(runner)).toBeLessThan(0.2);
  runner.destroy();
});
