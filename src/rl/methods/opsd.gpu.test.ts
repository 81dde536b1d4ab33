/** OPSD on a bundled policy that can read a trace: it comes nearer to its teacher, and with the sign turned it does not. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { loadModelFolder } from '../../model/load.ts';
import { withTurnedGradient } from '../../model/testing/turned-gradient.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from '../run/runner.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-carry-shown/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);
const STEPS = 12;

/** The divergence from the teacher, in the mean over the first and the last four steps. */
async function divergences(): Promise<{ readonly first: number; readonly last: number }> {
  const parsed = parseExperiment({
    ...{ seed: 5, steps: STEPS, policy: 'policies/chain-carry-shown', evaluation: { every: 0 } },
    task: { id: 'chain', min_terms: 4, max_terms: 6, largest_term: 9 },
    method: {
      ...{ name: 'opsd', loss_type: 'dr_grpo', learning_rate: 4e-4 },
      ...{ prompts_per_step: 8, num_generations: 2, max_completion_length: 48 },
    },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const runner = await Runner.create(gpu, parsed.experiment, model, { clock: () => 0 });
  const rows: number[] = [];
  for (let i = 0; i < STEPS; i++)
    rows.push(Number((await runner.next()).metrics['teacher/divergence']));
  runner.destroy();
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b) / some.length;
  return { first: mean(rows.slice(0, 4)), last: mean(rows.slice(-4)) };
}

it('brings the policy nearer to its teacher, and away from it with the sign turned', async () => {
  const learned = await divergences();
  expect(learned.last).toBeLessThan(learned.first);
  const spoiled = await withTurnedGradient(divergences);
  expect(spoiled.last).toBeGreaterThan(learned.last);
});
