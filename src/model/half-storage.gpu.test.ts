/** A model whose activations, caches or weights are stored as halves, beside the same model in f32. */
import { afterAll, describe, expect, it } from 'vitest';
import { f16ToF32, f32ToF16 } from '../gpu/half.ts';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { randomStream, streamKey } from '../rl/random.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { Generator } from './generate.ts';
import { halfWeights } from './half-weights.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';

const gpu = await testGpu();

// Heads of 12 and a vocabulary that fills no vector, so that groups of the two layouts lie apart.
const config = parseModelConfig({
  model_type: 'qwen2',
  vocab_size: 37,
  hidden_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 12,
  intermediate_size: 100,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 64,
  tie_word_embeddings: false,
  hidden_act: 'silu',
  eos_token_id: 2,
});
const layout = parameterLayout(config);
/** Large, so that distributions are peaked, and exact as halves. */
const flat = initialiseParameters(layout, 11).map((x, i) =>
  f16ToF32(f32ToF16(i < layout.decayEnd ? x * 6 : x)),
) as Float32Array<ArrayBuffer>;
const TOKENS = 256;

async function open(fp16: boolean, train = true): Promise<Learner> {
  const policy = await Learner.create(gpu, layout, {
    ...{ tokens: TOKENS, positions: 64, temperature: 1, train, fp16 },
  });
  policy.setParameters(flat);
  return policy;
}

const before = gpu.bytes;
const plain = await open(false);
const plainBytes = gpu.bytes - before;
const halved = await open(true);
const halvedBytes = gpu.bytes - before - plainBytes;
afterAll(() => {
  plain.destroy();
  halved.destroy();
});

const random = randomStream(3, 'halves');
const draw = (n: number) => Array.from({ length: n }, () => 3 + random.below(34));
const batch = packBatch(
  [
    [3, 20],
    [1, 1],
    [9, 30],
  ].map(([prompt, completion]) => ({ prompt: draw(prompt), completion: draw(completion) })),
  64,
);
const coefficients = Array.from({ length: batch.targetCount }, () => random.normal());

/** The largest difference of two rows of numbers. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i] - b[i]));
  return most;
}

describe('a policy that stores activations as halves', () => {
  it('stores as halves what only products and attention read', () => {
    const { hidden_size: hidden, intermediate_size: inner } = config;
    const qkv = (4 + 2 * 2) * 12;
    const stored = 2 * (2 * hidden + qkv + 4 * 12 + 3 * inner) + hidden;
    const gradientBeside = 2 * inner;
    expect(plainBytes - halvedBytes).toBe(TOKENS * (2 * stored - 4 * gradientBeside));
  });

  it('scores within the rounding of halves, and repeats its bits', async () => {
    const full = await plain.score(batch);
    const half = await halved.score(batch);
    const difference = apart(half.logprobs, full.logprobs);
    // A dozen roundings of 2^-11 on the way, against logits of some units.
    expect(difference).toBeLessThan(0.03);
    expect(difference).toBeGreaterThan(1e-5);
    expect(await halved.score(batch)).toEqual(half);
  });

  it('gives the gradient of every tensor within the rounding of halves', async () => {
    await plain.accumulate(batch, () => ({ logprob: coefficients }));
    await halved.accumulate(batch, () => ({ logprob: coefficients }));
    const full = await plain.readGradients();
    const half = await halved.readGradients();
    for (const { name, offset, size } of layout.tensors) {
      const want = full.subarray(offset, offset + size);
      const got = half.subarray(offset, offset + size);
      const norm = Math.hypot(...want);
      expect(norm, name).toBeGreaterThan(0);
      expect(Math.hypot(...got.map((x, i) => x - want[i])) / norm, name).toBeLessThan(0.02);
    }
    plain.clearGradients();
    halved.clearGradients();
  });

  it('reports a step as not finite where an activation exceeds the range of halves', async () => {
    const huge = flat.slice();
    const gain = layout.layers[0].postNorm;
    huge.fill(3e5, gain.offset, gain.offset + gain.size);
    halved.setParameters(huge);
    await halved.accumulate(batch, ({ logprobs }) => {
      expect(logprobs.some((x) => !Number.isFinite(x))).toBe(true);
      return { logprob: coefficients };
    });
    const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
    const { finite } = await halved.update({
      ...settings,
      ...{ learningRate: 1e-3, maxGradNorm: 1, step: 1 },
    });
    expect(finite).toBe(false);
    expect(await halved.readParameters()).toEqual(huge);
    halved.clearGradients();
    halved.setParameters(flat);
  });
});

describe('generation with caches of halves', () => {
  const sizes = { sequences: 16, promptTokens: 64, positions: 64, budget: 24 };
  const prompts = [draw(4), draw(11)];
  const request = (greedy: boolean) => ({
    prompts,
    copies: 8,
    sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, greedy },
    key: streamKey(9, 'sample'),
    uid: 0,
  });

  it('gives log-probs nearer to those of a policy with halves than to those of one with f32', async () => {
    const generator = await Generator.create(gpu, layout, halved.parameters, halved.rope, {
      ...sizes,
      fp16: true,
    });
    const out = await generator.generate(request(false));
    expect(await generator.generate(request(false))).toEqual(out);
    generator.destroy();
    const drawn = packBatch(
      out.map(({ ids }, i) => ({ prompt: prompts[Math.floor(i / 8)], completion: ids })),
      64,
    );
    const large = await Learner.create(gpu, layout, {
      ...{ tokens: 1024, positions: 64, temperature: 1, train: false, fp16: true },
    });
    large.setParameters(flat);
    const full = await Learner.create(gpu, layout, {
      ...{ tokens: 1024, positions: 64, temperature: 1, train: false },
    });
    full.setParameters(flat);
    const sampled = out.flatMap(({ logprobs }) => logprobs);
    const mean = (scores: Float32Array) =>
      sampled.reduce((sum, x, i) => sum + Math.abs(x - scores[i]), 0) / sampled.length;
    const own = mean((await large.score(drawn)).logprobs);
    const other = mean((await full.score(drawn)).logprobs);
    large.destroy();
    full.destroy();
    expect(own).toBeLessThan(other / 2);
    expect(other).toBeLessThan(0.01);
  });

  it('samples the same bits from halves as from floats that halves hold exactly', async () => {
    const stored = halfWeights(layout, flat);
    expect(stored.layout.groups.every(({ offset }) => offset % 128 === 0)).toBe(true);
    const weights = gpu.allocateNumbers('weights', stored.layout.count, true);
    gpu.write(weights, stored.words);
    const a = await Generator.create(gpu, layout, plain.parameters, plain.rope, sizes);
    const b = await Generator.create(gpu, stored.layout, weights, plain.rope, sizes);
    for (const greedy of [false, true])
      expect(await b.generate(request(greedy))).toEqual(await a.generate(request(greedy)));
    a.destroy();
    b.destroy();
    gpu.free(weights);
  });
});
