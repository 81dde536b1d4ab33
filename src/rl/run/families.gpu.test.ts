/**
 * Whole runs in the families of GPUs: sampling, receivers, evaluation, scoring and training, not only their kernels. Each family
 * repeats itself bit for bit, and differs from the software family by rounding alone.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu.ts';
import { familyGpu } from '../../kernels/testing/family-gpu.ts';
import { KernelReceiver } from '../../model/kernel-receiver.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner, type StepResult } from './runner.ts';

const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);
const software = await familyGpu('scalar');
const lanes = await familyGpu('lanes');
const subgroups = await familyGpu('subgroups');
const families = Object.entries({ lanes, ...(subgroups && { subgroups }) });

/** Numbers from the weights of the start, relative to the larger of the number and 1: sums in f32 of a few hundred terms. */
const ROUNDING = 1e-4;
/** The same after an update: AdamW divides by a gradient's own size, so rounding may turn the step of a weight whose gradient is almost 0. */
const AFTER_UPDATE = 1e-2;

/** A reference, an entropy term and two iterations; a receiver finishes answers in the evaluations. */
const GRPO = { name: 'grpo', beta: 0.1, entropy_coef: 0.01, num_iterations: 2 };
/** A critic on the policy's hidden rows, and four updates of a step. */
const PPO = {
  ...{ name: 'ppo', kl_coef: 0.05, entropy_coef: 0.01 },
  ...{ num_ppo_epochs: 2, num_mini_batches: 2 },
};

/** The rows and samples of two steps, with evaluations before and after them. */
async function run(gpu: Gpu, method: Record<string, unknown>): Promise<StepResult[]> {
  const parsed = parseExperiment({
    ...{ seed: 3, steps: 2, policy: 'policies/chain-nano' },
    // Short enough that some answers are right.
    task: { id: 'chain', min_terms: 2, max_terms: 3 },
    method: {
      ...{ num_generations: 4, prompts_per_step: 2, max_completion_length: 24 },
      ...{ learning_rate: 1e-4, ...method },
    },
    evaluation: { every: 2, prompts: 3, samples: 2, receivers: 'policy' },
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const opened: Promise<KernelReceiver>[] = [];
  const runner = await Runner.create(gpu, parsed.experiment, model, {
    clock: () => 0,
    receivers: {
      open: (id) => {
        opened.push(KernelReceiver.create(gpu, id, model));
        return opened[opened.length - 1];
      },
      close: () => {
        for (const receiver of opened) void receiver.then((r) => r.close());
      },
    },
  });
  const results: StepResult[] = [];
  const baseline = await runner.baseline();
  if (baseline) results.push(baseline);
  while (!runner.finished) results.push(await runner.next());
  runner.destroy();
  return results;
}

/** Asserts that two rows have the same columns, with nearly the same numbers. */
function expectNear(
  { metrics: row }: StepResult,
  { metrics: other }: StepResult,
  tolerance: number,
) {
  expect(Object.keys(row)).toEqual(Object.keys(other));
  for (const [name, value] of Object.entries(row)) {
    const expected = other[name];
    if (typeof value !== 'number' || typeof expected !== 'number') expect(value).toBe(expected);
    else {
      const error = Math.abs(value - expected) / Math.max(1, Math.abs(expected));
      expect(error, name).toBeLessThanOrEqual(tolerance);
    }
  }
}

describe.each([
  ['GRPO', GRPO],
  ['PPO', PPO],
])('%s', (_, method) => {
  const expected = run(software, method);

  it.each(families)(
    'trains in the family %s as in software, and repeats its bits',
    async (_, gpu) => {
      const results = await run(gpu, method);
      const [baseline, first, second] = results;
      const [softly, one, two] = await expected;
      expectNear(baseline, softly, ROUNDING);
      expectNear(first, one, ROUNDING);
      expectNear(second, two, AFTER_UPDATE);
      // The noise is the same and the numbers nearly so: what is written is the same.
      const texts = (result: StepResult) =>
        result.samples.flatMap(({ completions }) => completions.map(({ text }) => text));
      expect(texts(first)).toEqual(texts(one));
      expect(Number(one.metrics.reward)).toBeGreaterThan(0);
      expect(first.metrics.grad_norm).toBeGreaterThan(0);
      expect(await run(gpu, method)).toEqual(results);
    },
  );
});
