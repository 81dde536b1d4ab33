/** Plans of memory without a device: what a run needs, how it is cut, and how too much is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MOST_ROWS } from '../../kernels/grid.ts';
import { loadModelFolder } from '../../model/load.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { createTask } from '../tasks/index.ts';
import { planRun } from './memory-plan.ts';
import { receiversOf } from './needs.ts';
import { longestPrompt } from './room.ts';

const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);
const { tokenizer, layout } = model;
if (!tokenizer) throw new Error('no tokenizer');

const MIB = 2 ** 20;
const limits = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 } as never;

function planned(
  method: Record<string, unknown>,
  profile: 'scalar' | 'lanes' = 'lanes',
  wish: Parameters<typeof planRun>[2] = {},
  bounds = limits,
  more: Record<string, unknown> = {},
) {
  const parsed = parseExperiment({
    ...{ task: { id: 'chain' }, policy: 'policies/chain-nano' },
    method: { max_completion_length: 64, num_generations: 8, ...method },
    evaluation: { every: 0 },
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  const { experiment } = parsed;
  const question = longestPrompt(experiment, createTask(experiment.task), tokenizer as never);
  const layouts = new Map(['policy', 'start', 'began'].map((name) => [name, layout]));
  const most = layout.config.max_position_embeddings;
  const receivers = new Map(receiversOf(experiment).map((id) => [id, layout]));
  const run = { experiment, tokenizer: tokenizer as never, question, layouts, receivers, most };
  return planRun(run, { profile, limits: bounds }, wish);
}

describe('a plan of memory', () => {
  it('cuts as ever in software: 2,048 tokens, and no room beyond the tokens of a step', () => {
    expect(planned({ prompts_per_step: 40 }, 'scalar').plan.microBatchTokens).toBe(2048);
    const small = planned({ prompts_per_step: 1 }, 'scalar');
    expect(small.plan.microBatchTokens).toBe(Math.ceil((8 * small.room.unit) / 256) * 256);
    expect(small.memory.micro_batches).toBe(1);
  });

  it('takes a whole update at once on a GPU where the budget holds it', () => {
    const { plan, memory, room } = planned({ prompts_per_step: 100 });
    expect(memory.micro_batches).toBe(1);
    expect(plan.microBatchTokens).toBeGreaterThanOrEqual(800 * room.unit);
    expect(memory.total).toBeLessThanOrEqual(memory.budget);
  });

  it('never has more rows than the kernels’ grids reach, however much memory there is', () => {
    const vast = { maxBufferSize: 2 ** 40, maxStorageBufferBindingSize: 2 ** 40 } as never;
    const many = { prompts_per_step: 256, num_generations: 32 };
    const { plan, memory, room } = planned(many, 'lanes', { memory: 2 ** 40 }, vast);
    expect(256 * 32 * room.unit).toBeGreaterThan(MOST_ROWS);
    expect(plan.microBatchTokens).toBeLessThanOrEqual(MOST_ROWS);
    expect(memory.micro_batches).toBeGreaterThan(1);
  });

  it.each([600, 400, 300])('stays within %i MiB by equally long micro-batches', (budget) => {
    const { plan, memory, room } = planned({ prompts_per_step: 100 }, 'lanes', {
      memory: budget * MIB,
    });
    expect(memory.total).toBeLessThanOrEqual(budget * MIB);
    expect(memory.micro_batches).toBeGreaterThan(1);
    const units = Math.floor(plan.microBatchTokens / room.unit);
    expect(memory.micro_batches).toBe(Math.ceil(800 / units));
    // One micro-batch less would not have fitted: the cut is no finer than it has to be.
    const fewer = Math.ceil(800 / (memory.micro_batches - 1)) * room.unit;
    const longer = { microBatchTokens: Math.ceil(fewer / 256) * 256, memory: 2 ** 40 };
    expect(planned({ prompts_per_step: 100 }, 'lanes', longer).memory.total).toBeGreaterThan(
      budget * MIB,
    );
  });

  it('counts each receiver on the device once, whoever asks it, and none that runs elsewhere', () => {
    const of = (receivers: string, backend: string, evaluating = '') =>
      planned({ prompts_per_step: 8 }, 'lanes', {}, limits, {
        rewards: [{ term: 'answer' }, { term: 'transfer', receivers, backend }],
        evaluation: { every: 0, receivers: evaluating },
      }).memory;
    const one = of('policy', 'kernels');
    expect(one.bytes.receivers).toBeGreaterThan(layout.count * 4);
    expect(Object.values(one.bytes).reduce((a, b) => a + b)).toBe(one.total);
    expect(of('policy', 'kernels', 'policy').total).toBe(one.total);
    expect(of('policy', 'onnx', 'policy').total).toBe(one.total);
    const two = of('policy', 'kernels', 'receivers/chain-nano-b').bytes;
    expect(two.receivers).toBe(2 * one.bytes.receivers);
    expect(of('policy', 'onnx').bytes.receivers).toBe(0);
    expect(of('own/decoder', 'kernels').bytes.receivers).toBe(0);
  });

  it('counts every part, and says their sum', () => {
    const { bytes, total } = planned({ prompts_per_step: 8, beta: 0.1 }).memory;
    expect(Object.values(bytes).reduce((a, b) => a + b)).toBe(total);
    expect(bytes.weights).toBe(layout.count * 4);
    expect(bytes.reference).toBe(layout.count * 4);
    expect(bytes.optimizer).toBe(6 * layout.count * 4);
    expect(bytes.learners).toBe(0);
    expect(planned({ prompts_per_step: 8 }).memory.bytes.reference).toBe(0);
    expect(planned({ name: 'dpo', prompts_per_step: 8 }).memory.bytes.learners).toBeGreaterThan(
      layout.count * 4,
    );
  });

  it('keeps what generation computes where that has the bits of training and fits', () => {
    const kept = planned({}, 'scalar');
    expect(kept.keeps).toBe(true);
    expect(kept.memory.bytes.answers).toBeGreaterThan(0);
    const others = [planned({}, 'lanes'), planned({}, 'scalar', { memory: kept.memory.total - 1 })];
    for (const { keeps, memory } of others) {
      expect(keeps).toBe(false);
      expect(memory.bytes.answers).toBe(0);
    }
    const { plan, memory } = others[1];
    expect(plan).toEqual(kept.plan);
    // Layers that keep nothing share their activations.
    const { answers, caches, ...rest } = kept.memory.bytes;
    expect(memory.bytes).toEqual({ ...rest, answers: 0, caches: memory.bytes.caches });
    expect(memory.bytes.caches).toBeLessThan(caches);
  });

  it('takes less with halves', () => {
    const bytes = (fp16: boolean) => planned({ prompts_per_step: 8, fp16 }).memory.bytes;
    expect(bytes(true).activations).toBeLessThan(bytes(false).activations);
    expect(bytes(true).caches).toBeLessThan(bytes(false).caches);
  });

  it('keeps the cut that a run began with', () => {
    const { plan } = planned({ prompts_per_step: 100 }, 'lanes', { microBatchTokens: 1024 });
    expect(plan.microBatchTokens).toBe(1024);
  });

  it('refuses a budget that is too small with the setting to lower, and what would fit', () => {
    const memory = 60 * MIB;
    let remedy = '';
    try {
      planned({ prompts_per_step: 200 }, 'lanes', { memory });
    } catch (error) {
      expect(error).toMatchObject({ kind: 'OutOfMemory', field: 'method.prompts_per_step' });
      remedy = (error as { remedy: string }).remedy;
    }
    const most = Number(/At most (\d+) questions/.exec(remedy)?.[1]);
    expect(planned({ prompts_per_step: most }, 'lanes', { memory }).memory.total).toBeLessThan(
      memory,
    );
    expect(() => planned({ prompts_per_step: most + 1 }, 'lanes', { memory })).toThrow(/may hold/);
  });

  it('refuses a policy that is too large by itself', () => {
    expect(() => planned({ prompts_per_step: 1 }, 'lanes', { memory: MIB })).toThrow(
      expect.objectContaining({ kind: 'OutOfMemory', field: 'policy' }),
    );
  });

  it('keeps every buffer within what the adapter binds at once', () => {
    const small = { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 24 * MIB } as never;
    const { memory } = planned({ prompts_per_step: 100 }, 'lanes', {}, small);
    expect(memory.micro_batches).toBeGreaterThan(1);
    const tiny = { maxBufferSize: 4096, maxStorageBufferBindingSize: 4096 } as never;
    expect(() => planned({ prompts_per_step: 1 }, 'lanes', {}, tiny)).toThrow(/in one piece/);
  });
});
