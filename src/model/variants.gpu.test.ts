/** Variants of one family promise equal bits: held on a whole model, so that a tuner's choice can never change a run. */
import { expect, it } from 'vitest';
import type { Profile } from '../gpu/adapter.ts';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { familyOf, supportsVariant, VARIANTS, type VariantKernel } from '../kernels/variants.ts';
import { randomStream } from '../rl/random.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';

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
const shared = { group: 1, prompt: draw(9) };
const batch = packBatch(
  [
    ...[
      [3, 9],
      [1, 1],
      [7, 40],
      [5, 0],
      [1, 63],
    ].map(([prompt, completion]) => ({ prompt: draw(prompt), completion: draw(completion) })),
    ...[11, 30].map((completion) => ({ ...shared, completion: draw(completion) })),
  ],
  64,
);
const coefficients = Array.from({ length: batch.targetCount }, () => random.normal());

/** Log-probabilities and gradients under one choice of variants. */
async function step(choice: (kernel: VariantKernel) => string) {
  gpu.variants.clear();
  for (const kernel of Object.keys(VARIANTS) as VariantKernel[])
    gpu.variants.set(kernel, choice(kernel));
  const policy = await Learner.create(gpu, layout, {
    tokens: 256,
    positions: 128,
    temperature: 1,
    train: true,
  });
  policy.setParameters(initialiseParameters(layout, 3));
  let logprobs: Float32Array = new Float32Array();
  await policy.accumulate(batch, (scores) => {
    logprobs = scores.logprobs;
    return { logprob: coefficients };
  });
  const gradients = await policy.readGradients();
  policy.destroy();
  return { logprobs, gradients };
}

/** The variants of a profile that this device can compile. */
function family(kernel: VariantKernel, profile: Profile): string[] {
  return VARIANTS[kernel].filter(
    (variant) => familyOf(variant) === profile && supportsVariant(gpu.info, variant),
  );
}

it.each(['scalar', 'lanes'] as const)(
  'gives the same bits with every variant of the family %s',
  async (profile) => {
    const ways = (Object.keys(VARIANTS) as VariantKernel[]).map((k) => family(k, profile).length);
    const first = await step((kernel) => family(kernel, profile)[0]);
    expect(first.gradients.some((x) => x !== 0)).toBe(true);
    // Every kernel's next way at once; those that have no more stay with their last.
    for (let i = 1; i < Math.max(...ways); i++) {
      const variantOf = (known: readonly string[]) => known[i] ?? known.at(-1) ?? 'none';
      expect(await step((kernel) => variantOf(family(kernel, profile)))).toEqual(first);
    }
  },
);

it('gives nearly the same numbers in both families', async () => {
  const scalar = await step(() => 'scalar');
  const lanes = await step(() => 'lanes');
  const error = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const size = Math.max(...Array.from(a, Math.abs));
    return Math.max(...Array.from(a, (x, i) => Math.abs(x - b[i]) / size));
  };
  expect(error(scalar.logprobs, lanes.logprobs)).toBeLessThan(1e-5);
  expect(error(scalar.gradients, lanes.gradients)).toBeLessThan(1e-5);
  expect(lanes).not.toEqual(scalar);
});
