/** Runs that keep what generation computes have the rows, samples and states of runs that compute it again. */
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { familyGpu } from '../../kernels/testing/family-gpu.ts';
import { KeptPass } from '../../model/kept-pass.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from './runner.ts';

const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);
const gpu = await familyGpu('scalar');

afterEach(() => vi.restoreAllMocks());

/** The rows, samples and state of two steps, and how often a micro-batch was recalled and how often not. */
async function run(method: Record<string, unknown>, task: object, memory?: number) {
  const parsed = parseExperiment({
    ...{ seed: 5, steps: 2, policy: 'policies/chain-nano' },
    task: { id: 'chain', ...task },
    method: {
      ...{ num_generations: 4, prompts_per_step: 3, max_completion_length: 24 },
      ...{ learning_rate: 1e-4, ...method },
    },
    evaluation: { every: 1, prompts: 3, samples: 2 },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const found = vi.spyOn(KeptPass.prototype, 'find');
  const options = { clock: () => 0, ...(memory !== undefined && { memory }) };
  const runner = await Runner.create(gpu, parsed.experiment, model, options);
  const rows = [];
  while (!runner.finished) rows.push(await runner.next());
  const state = await runner.state();
  const { memory: planned } = runner;
  runner.destroy();
  const recalled = found.mock.results.filter(({ value }) => value).length;
  const others = found.mock.calls.length - recalled;
  found.mockRestore();
  return { rows, state, planned, recalled, others };
}

it.each([
  ['GRPO', {}],
  ['GRPO that goes over its answers twice', { num_iterations: 2 }],
  ['GRPO with a reference and in halves', { beta: 0.1, fp16: true }],
  ['PPO', { name: 'ppo', num_generations: undefined, num_mini_batches: 2 }],
  // Answers are continued from their middle: those are written anew, and known by no list of tokens.
  ['VinePPO', { name: 'vineppo', num_generations: undefined, num_mc_samples: 2 }],
  // The critic’s judgements are written by the policy too, between its answers and its update.
  ['RARO', { name: 'raro', max_answer_length: 8, max_critic_length: 8 }, { answer_apart: true }],
] as const)('%s', async (_, method, task: object = {}) => {
  const keeping = await run(method, task);
  expect(keeping.recalled).toBeGreaterThan(0);
  const plain = await run(method, task, keeping.planned.total - 1);
  expect([plain.recalled, plain.others]).toEqual([0, 0]);
  expect(keeping.rows).toEqual(plain.rows);
  expect(keeping.state).toEqual(plain.state);
});
