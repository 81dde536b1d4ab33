/** Evaluation while training costs time and changes no byte of the run. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { KernelReceiver } from '../../model/kernel-receiver.ts';
import { loadModelFolder } from '../../model/load.ts';
import type { Receiver } from '../../model/receiver.ts';
import { parseExperiment } from '../experiment/schema.ts';
import type { MetricsRow } from '../records.ts';
import type { ReceiverService } from '../rewards/reward.ts';
import { Runner } from '../run/runner.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

/** Opens the model itself under any name. */
function service(): ReceiverService & { readonly opened: Map<string, Promise<Receiver>> } {
  const opened = new Map<string, Promise<Receiver>>();
  return {
    opened,
    open: (id) => {
      const receiver = opened.get(id) ?? KernelReceiver.create(gpu, id, model);
      opened.set(id, receiver);
      return receiver;
    },
    close: () => {
      for (const receiver of opened.values()) void receiver.then((r) => r.close());
    },
  };
}

async function run(evaluation: Record<string, unknown>) {
  const parsed = parseExperiment({
    seed: 3,
    steps: 2,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      ...{ num_generations: 4, prompts_per_step: 2, max_completion_length: 32 },
      learning_rate: 1e-3,
    },
    evaluation,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const receivers = service();
  const trainer = await Runner.create(gpu, parsed.experiment, model, {
    clock: () => performance.now(),
    receivers,
  });
  await trainer.prepare();
  const early = [...receivers.opened.keys()];
  const rows: MetricsRow[] = [];
  const baseline = await trainer.baseline();
  if (baseline) rows.push(baseline.metrics);
  while (!trainer.finished) rows.push((await trainer.next()).metrics);
  trainer.destroy();
  return { rows, early };
}

const measured = (rows: readonly MetricsRow[]) =>
  rows.map((row) => Object.keys(row).filter((name) => name.startsWith('eval')));
const bare = (rows: readonly MetricsRow[]) =>
  rows
    .map((row) => Object.entries(row).filter(([name]) => !name.startsWith('eval')))
    .filter((entries) => entries.length > 1);

it('out of distribution and with receivers changes no other number of a run, and is in its rows', async () => {
  const small = { every: 1, prompts: 3, samples: 2 };
  const plain = await run(small);
  const never = await run({ ...small, every: 0 });
  const all = await run({ ...small, ood: true, receivers: 'policy receivers/twin*2' });
  expect(bare(all.rows)).toEqual(bare(never.rows));
  expect(bare(plain.rows)).toEqual(bare(never.rows));
  expect(measured(never.rows).flat()).toEqual([]);

  // What is missing is reported before the first step.
  expect(all.early).toEqual(['policy', 'receivers/twin']);
  const [before, first, second] = all.rows;
  for (const row of [before, first, second]) {
    for (const name of ['eval/accuracy', 'eval_ood/accuracy', 'eval_ood/maj_at_2_low']) {
      expect(row[name], name).toBeGreaterThanOrEqual(0);
    }
    // The twin has the policy's weights from before the run, and gets the same questions, cuts and draws.
    expect(row['eval/transfer/twin']).toBe(row['eval/transfer/policy']);
    expect(row['eval_ood/transfer/twin/scratch']).toBe(row['eval_ood/transfer/policy/scratch']);
    // A frozen receiver on fixed questions always has the same success from scratch, whatever the policy learns.
    expect(row['eval/transfer/policy/scratch']).toBe(before['eval/transfer/policy/scratch']);
  }
  // Measuring more leaves the other numbers as they were.
  for (const [i, row] of plain.rows.entries()) {
    for (const name of measured([row])[0]) expect(all.rows[i][name]).toBe(row[name]);
  }
});
