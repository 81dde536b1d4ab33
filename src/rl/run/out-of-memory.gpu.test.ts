/** A device that runs out of memory at any allocation of a run's start, of its first step, of the tuner's work or of a readback: said by name, nothing held, and all goes on when there is room. */
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { RecordingCache } from '../../gpu/recording-cache.ts';
import { countOf, ranOutAt, ranOutAtReading } from '../../gpu/testing/run-out-at.ts';
import { TYPICAL_SHAPES } from '../../kernels/tune.ts';
import { VARIANTS, type VariantKernel } from '../../kernels/variants.ts';
import { prepareWork } from '../../kernels/workloads.ts';
import { createReceivers } from '../../lab/receivers.ts';
import { KernelReceiver } from '../../model/kernel-receiver.ts';
import { loadModelFolder } from '../../model/load.ts';
import { someOf } from '../../testing/fuzz.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from './runner.ts';

const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

const clock = () => performance.now();
const gpu = await Gpu.open(nodeGpu(), { clock });
afterAll(() => gpu.destroy());

function open(method: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const parsed = parseExperiment({
    steps: 1,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      ...{ num_generations: 2, prompts_per_step: 1, max_completion_length: 8 },
      ...method,
    },
    rewards: [{ term: 'answer' }],
    evaluation: { every: 0 },
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const receivers = createReceivers({ gpu, policy: model, load: async () => model });
  return Runner.create(gpu, parsed.experiment, model, { clock, receivers });
}

const STARTS: [string, Record<string, unknown>, Record<string, unknown>?][] = [
  ['GRPO with a reference', { beta: 0.1 }],
  [
    'PPO',
    {
      ...{ name: 'ppo', num_generations: undefined, prompts_per_step: 2 },
      ...{ num_mini_batches: 1 },
    },
  ],
  [
    'RARO with a critic of its own',
    {
      ...{ name: 'raro', separate_critic: true, beta: 0.1 },
      ...{ max_answer_length: 8, max_critic_length: 8 },
    },
    { task: { id: 'chain', answer_apart: true } },
  ],
  ['AIRL with a discriminator', { name: 'airl', reward_trunk: 'own' }],
  ['DPO with a copy that writes', { name: 'dpo' }],
];
/** Buffers of a start: more are tried by a sample of them. */
const FEW = 120;

// A hundred starts each, on a machine that may be busy.
describe.each(STARTS)('%s', { timeout: 600_000 }, (_, method, more) => {
  it('fails by name at whichever buffer memory ends, and holds nothing then', async () => {
    const before = gpu.bytes;
    const opened = async () => (await open(method, more)).destroy();
    const total = await countOf(gpu, opened);
    expect(total).toBeGreaterThan(20);
    expect(gpu.bytes).toBe(before);
    for (const n of someOf(total, total <= FEW ? FEW : 12)) {
      const { outcome } = await ranOutAt(gpu, n, opened);
      expect(outcome, `buffer ${n}`).toMatchObject({ kind: 'OutOfMemory' });
      expect(gpu.bytes, `buffer ${n}`).toBe(before);
    }
    await opened();
  });
});

describe('a receiver', () => {
  it('that finds no room fails by name, and holds nothing then', async () => {
    const before = gpu.bytes;
    const opened = async () => (await KernelReceiver.create(gpu, 'policy', model)).close();
    for (const n of someOf(await countOf(gpu, opened), 24)) {
      const { outcome } = await ranOutAt(gpu, n, opened);
      expect(outcome, `buffer ${n}`).toMatchObject({ kind: 'OutOfMemory' });
      expect(gpu.bytes, `buffer ${n}`).toBe(before);
    }
    await opened();
  });
});

describe('a first step, with a receiver in its reward and in its evaluation,', () => {
  const begin = () =>
    open(
      { beta: 0.1, entropy_coef: 0.01 },
      {
        rewards: [{ term: 'answer' }, { term: 'transfer', receivers: 'policy' }],
        evaluation: { every: 1, prompts: 2, samples: 1, receivers: 'policy' },
      },
    );
  const first = async (runner: Runner) => {
    await runner.prepare();
    return (await runner.next()).metrics;
  };
  const once = async () => {
    const runner = await begin();
    const row = await first(runner);
    runner.destroy();
    return row;
  };

  it.each([
    ['buffer', ranOutAt],
    ['reading', ranOutAtReading],
  ])(
    'that finds no room for a %s can be done again with the same bits',
    async (what, ranOut) => {
      const before = gpu.bytes;
      const expected = await once();
      expect(expected.grad_norm).toBeGreaterThan(0);
      expect(expected['eval/transfer/policy']).toBeDefined();
      const counted = await begin();
      const total = await countOf(gpu, () => first(counted), ranOut);
      counted.destroy();
      let failures = 0;
      for (const n of someOf(total, 10)) {
        const runner = await begin();
        const { outcome } = await ranOut(gpu, n, () => first(runner));
        if (outcome instanceof Error) {
          failures += 1;
          expect(outcome, `${what} ${n}`).toMatchObject({ kind: 'OutOfMemory' });
          expect(runner.whole, `${what} ${n}`).toBe(true);
          expect(await first(runner), `${what} ${n}`).toEqual(expected);
        } else expect(outcome, `${what} ${n}`).toEqual(expected);
        runner.destroy();
        // Recordings that are still made are freed once they are there.
        await expect.poll(() => gpu.bytes, { timeout: 10_000 }).toBe(before);
      }
      expect(failures).toBeGreaterThan(0);
    },
    600_000,
  );
});

describe('a recording', () => {
  it('that finds no room fails by name, gives back what it had, and is made when there is room', async () => {
    const cache = new RecordingCache(gpu);
    const record = (recorder: Recorder) => {
      for (const bytes of [256, 1024]) recorder.scratch(bytes);
    };
    const before = gpu.bytes;
    const total = await countOf(gpu, () => cache.get('whole', record));
    const held = gpu.bytes;
    expect(held).toBeGreaterThan(before);
    for (let n = 1; n <= total; n++) {
      const { outcome } = await ranOutAt(gpu, n, () => cache.get('again', record));
      expect(outcome).toMatchObject({ kind: 'OutOfMemory' });
      expect(gpu.bytes).toBe(held);
    }
    await cache.get('again', record);
    cache.destroy();
  });
});

describe('a readback', () => {
  it('that finds no room fails by name, and the device goes on', async () => {
    // No other read has this size, so that no buffer of an earlier one is there.
    const words = Uint32Array.from({ length: 300_001 }, (_, i) => i);
    const slice = gpu.allocate('read', words.byteLength);
    gpu.write(slice, words);
    const { outcome, asked } = await ranOutAt(gpu, 1, () => gpu.readWords(slice));
    expect(outcome).toMatchObject({ kind: 'OutOfMemory' });
    expect(asked).toBe(1);
    expect(gpu.failure).toBeNull();
    const reading = gpu.readWords(slice);
    // What is read is what was there when it was asked for.
    gpu.write(slice, new Uint32Array([7]));
    expect((await reading).subarray(0, words.length).every((word, i) => word === i)).toBe(true);
    expect((await gpu.readWords(slice))[0]).toBe(7);
    gpu.free(slice);
  });
});

describe('typical work for the tuner', () => {
  it.each(Object.keys(VARIANTS) as VariantKernel[])(
    'of %s that finds no room fails by name, and gives back what it had',
    async (kernel) => {
      const before = gpu.bytes;
      const prepared = async () => (await prepareWork(gpu, kernel, TYPICAL_SHAPES)).destroy();
      const total = await countOf(gpu, prepared);
      expect(total).toBeGreaterThan(3);
      for (let n = 1; n <= total; n++) {
        const { outcome } = await ranOutAt(gpu, n, prepared);
        expect(outcome, `buffer ${n}`).toMatchObject({ kind: 'OutOfMemory' });
        expect(gpu.bytes, `buffer ${n}`).toBe(before);
      }
    },
  );
});
