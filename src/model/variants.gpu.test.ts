/** Variants of one family promise equal bits: held on a whole model, so that a tuner's choice can never change a run. */
import { expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { supportsVariant, VARIANTS, type VariantKernel } from '../kernels/variants.ts';
import { randomStream } from '../rl/random.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { parameterLayout } from './parameters.ts';
import { Policy } from './policy.ts';

const gpu = await testGpu();

const layout = parameterLayout(
  parseModelConfig({
    model_type: 'llama',
    vocab_size: 51,
    hidden_size: 48,
    num_hidden_layers: 1,
    num_attention_heads: 6,
    num_key_value_heads: 2,
    head_dim: 12,
    intermediate_size: 100,
    rms_norm_eps: 1e-6,
    rope_theta: 10000,
    max_position_embeddings: 128,
    attention_bias: true,
    tie_word_embeddings: false,
    hidden_act: 'silu',
  }),
);
const random = randomStream(5, 'variants');
const draw = (n: number) => Array.from({ length: n }, () => random.below(51));
const batch = packBatch(
  [
    [3, 9],
    [1, 1],
    [7, 40],
    [5, 0],
    [1, 63],
  ].map(([prompt, completion]) => ({ prompt: draw(prompt), completion: draw(completion) })),
  64,
);
const coefficients = Array.from({ length: batch.targetCount }, () => random.normal());

/** Log-probabilities and gradients under one choice of variants. */
async function step(choice: (kernel: VariantKernel) => string) {
  gpu.variants.clear();
  for (const kernel of Object.keys(VARIANTS) as VariantKernel[])
    gpu.variants.set(kernel, choice(kernel));
  const policy = await Policy.create(gpu, layout, {
    tokens: 256,
    positions: 128,
    temperature: 1,
    train: true,
  });
  policy.setParameters(initialiseParameters(layout, 3));
  const { logprobs } = await policy.forward(batch);
  await policy.backward(coefficients);
  const gradients = await policy.readGradients();
  policy.destroy();
  return { logprobs, gradients };
}

it('gives the same bits with every variant of the software family', async () => {
  const plain = await step(() => 'scalar');
  const shared = await step((kernel) => {
    const family: readonly string[] = VARIANTS[kernel].filter((v) => !v.startsWith('lanes'));
    return family.findLast((v) => supportsVariant(gpu.info.features, v)) ?? 'scalar';
  });
  expect(plain.gradients.some((x) => x !== 0)).toBe(true);
  expect(shared).toEqual(plain);
});

it('gives the same bits with every variant of the GPU family', async () => {
  const choose = (variant: string) => (kernel: VariantKernel) =>
    (VARIANTS[kernel] as readonly string[]).includes(variant) ? variant : 'scalar';
  const wide = await step(choose('lanes'));
  expect(wide.gradients.some((x) => x !== 0)).toBe(true);
  expect(await step(choose('lanes32'))).toEqual(wide);
});
