/** A warm-up before the device is tuned compiles everything that the first step needs, and holds no memory afterwards. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../kernels/tune.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from './runner.ts';
import { warmUp } from './warm-up.ts';

const FOLDER = new URL('../../../public/models/policies/chain-critic/', import.meta.url);

const PPO = { name: 'ppo', num_generations: 2, max_completion_length: 16, top_k: 8 };
const SEPARATE = {
  ...{ name: 'raro', num_generations: 2, max_completion_length: 32, separate_critic: true },
  ...{ max_critic_length: 24, max_answer_length: 4 },
};

it.each([
  ['PPO with filtered sampling', PPO],
  ['RARO with a critic of its own weights', SEPARATE],
])('leaves nothing to compile for a step of %s, and keeps no buffer', async (_, method) => {
  const parsed = parseExperiment({
    task: { id: 'chain', answer_apart: true },
    policy: 'policies/chain-critic',
    method: { prompts_per_step: 2, ...method },
    evaluation: { every: 0 },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const gpu = await testGpu();
  const model = await loadModelFolder(
    async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
  );
  let compiled = 0;
  gpu.onCompile = ({ total }) => {
    compiled = total;
  };
  const { compiled: all } = await warmUp(gpu, parsed.experiment, model);
  await all;
  expect(compiled).toBeGreaterThan(10);
  expect(gpu.bytes).toBe(0);

  const clock = () => performance.now();
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  compiled = 0;
  const trainer = await Runner.create(gpu, parsed.experiment, model, { clock });
  await trainer.prepare();
  const { metrics } = await trainer.next();
  expect(metrics.step).toBe(1);
  expect(compiled).toBe(0);
  trainer.destroy();
});
