/** Generation against the trainer's own scores, and its independence of the batch around a sequence. */
import { afterAll, describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { randomStream, streamKey } from '../rl/random.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { type GenerateRequest, Generator } from './generate.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';

const gpu = await testGpu();

const config = parseModelConfig({
  model_type: 'llama',
  vocab_size: 37,
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 64,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  hidden_act: 'silu',
  eos_token_id: 2,
});
const layout = parameterLayout(config);
// Large weights, so that distributions are peaked and lengths vary.
const flat = initialiseParameters(layout, 11).map((x, i) =>
  i < layout.decayEnd ? x * 8 : x,
) as Float32Array<ArrayBuffer>;
const TEMPERATURE = 0.8;
const policy = await Learner.create(gpu, layout, {
  tokens: 1024,
  positions: 64,
  temperature: TEMPERATURE,
  train: false,
});
policy.setParameters(flat);
const generator = await Generator.create(gpu, layout, policy.parameters, policy.rope, {
  sequences: 40,
  promptTokens: 64,
  positions: 64,
  budget: 24,
});
const inBlocks = (block: number) =>
  Generator.create(gpu, layout, policy.parameters, policy.rope, { ...generator.options, block });
afterAll(() => {
  generator.destroy();
  policy.destroy();
});

const draw = randomStream(2, 'prompts');
const prompts = [1, 7, 3, 12].map((n) => Array.from({ length: n }, () => 3 + draw.below(34)));
const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  prompts,
  copies: 5,
  sampling: { temperature: TEMPERATURE, topK: 0, topP: 1, minP: 0, greedy: false },
  key: streamKey(9, 'sample'),
  uid: 100,
  ...more,
});

describe('generation', () => {
  it('keeps the log-probs that the trainer computes for the same tokens, within 1e-4', async () => {
    const out = await generator.generate(request());
    expect(out).toHaveLength(20);
    const batch = packBatch(
      out.map((o, i) => ({ prompt: prompts[Math.floor(i / 5)], completion: o.ids })),
      64,
    );
    const { logprobs } = await policy.score(batch);
    const sampled = out.flatMap((o) => o.logprobs);
    const worst = sampled.reduce((most, x, i) => Math.max(most, Math.abs(x - logprobs[i])), 0);
    expect(worst).toBeLessThan(1e-4);
    for (const o of out) {
      expect(o.truncated).toBe(o.ids.at(-1) !== 2);
      expect(o.ids.slice(0, -1)).not.toContain(2);
      expect(o.ids.length).toBeLessThanOrEqual(24);
    }
    expect(out.some((o) => o.truncated)).toBe(true);
    expect(out.some((o) => !o.truncated)).toBe(true);
  });

  it('draws the same for a sequence whatever else is in the batch, and something else with another key or uid', async () => {
    const all = await generator.generate(request());
    expect(await generator.generate(request())).toEqual(all);
    const alone = await generator.generate(request({ prompts: [prompts[2]], uid: 110 }));
    expect(alone).toEqual(all.slice(10, 15));
    expect(await generator.generate(request({ key: streamKey(10, 'sample') }))).not.toEqual(all);
    expect(await generator.generate(request({ uid: 500 }))).not.toEqual(all);
  });

  // In a block of 64 every token of the budget is submitted before the host has learnt of any end. A step that wrote for a sequence that
  // has ended would write over the first token of the next one.
  it.each([1, 3, 8, 64])('draws the same bits in blocks of %i tokens', async (block) => {
    const other = await inBlocks(block);
    expect(await other.generate(request())).toEqual(await generator.generate(request()));
    other.destroy();
  });

  it('goes on for less than two blocks after the last sequence has ended', async () => {
    const block = 3;
    const other = await inBlocks(block);
    const all = await generator.generate(request());
    const ended = all.findIndex(({ ids }) => ids.length > block && ids.length + 2 * block < 24);
    const { ids } = all[ended];
    let steps = 0;
    const forget = gpu.observe(async ({ steps: [first] }, replay) => {
      if (first.kernel.name === 'decode-begin') steps += 1;
      await replay();
    });
    const one = { prompts: [prompts[Math.floor(ended / 5)]], copies: 1, uid: 100 + ended };
    expect((await other.generate(request(one)))[0].ids).toEqual(ids);
    forget();
    other.destroy();
    // The first token comes from the prompt.
    expect(steps).toBeGreaterThanOrEqual(ids.length - 1);
    expect(steps).toBeLessThan(ids.length - 1 + 2 * block);
  });

  it('fits sequences that fill every position into the cache of a receiver, one of all its positions a sequence', async () => {
    const positions = 24;
    const full = request({ budgets: prompts.map((prompt) => positions - prompt.length) });
    const receiver = (budget: number) =>
      Generator.create(gpu, layout, policy.parameters, policy.rope, {
        ...{ sequences: 20, promptTokens: 23 * 20, positions, budget },
      });
    const before = gpu.bytes;
    const tight = await receiver(positions - 1);
    const taken = gpu.bytes - before;
    const out = await tight.generate(full);
    tight.destroy();
    expect(out).toEqual(await generator.generate(full));
    expect(out.some((o, i) => prompts[Math.floor(i / 5)].length + o.ids.length === positions)).toBe(
      true,
    );
    const roomier = await Generator.create(gpu, layout, policy.parameters, policy.rope, {
      ...{ sequences: 20, promptTokens: 23 * 20, positions: 64, budget: positions - 1 },
    });
    const slot = 2 * 2 * 16 * 4; // layers, keys and values, width of the two key heads, bytes
    expect(gpu.bytes - before - taken).toBe((23 * 20 + 20 * 23 - 20 * 24) * slot);
    roomier.destroy();
  });

  it('takes the most likely token when greedy, the same in every copy', async () => {
    const sampling = { temperature: TEMPERATURE, topK: 0, topP: 1, minP: 0, greedy: true };
    const out = await generator.generate(request({ sampling, copies: 2 }));
    expect(out[0]).toEqual(out[1]);
    const topOne = await generator.generate(
      request({ sampling: { ...sampling, greedy: false, topK: 1 }, copies: 2 }),
    );
    expect(topOne.map((o) => o.ids)).toEqual(out.map((o) => o.ids));
  });

  it('refuses what does not fit, and stops when asked', async () => {
    await expect(generator.generate(request({ copies: 11 }))).rejects.toThrow(
      /44 sequences, room for 40/,
    );
    await expect(generator.generate(request({ prompts: [[]] }))).rejects.toThrow(/no token/);
    await expect(generator.generate(request({ prompts: [Array(50).fill(3)] }))).rejects.toThrow(
      /do not fit/,
    );
    await expect(
      generator.generate(request({ signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ kind: 'Cancelled' });
  });
});
