/** The whole model on the GPU against the float64 oracle: log-probs, entropies and every gradient, on a packed batch. */
import { describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { randomStream } from '../rl/random.ts';
import { packBatch, type SequenceTokens } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';
import { referenceGradient, referenceScores } from './reference.ts';

const gpu = await testGpu();

const LLAMA = {
  model_type: 'llama',
  vocab_size: 64,
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  intermediate_size: 176,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 128,
  tie_word_embeddings: true,
  hidden_act: 'silu',
};

const CASES = [
  { name: 'llama, tied', json: LLAMA, temperature: 1 },
  {
    name: 'grouped queries, biases everywhere, untied, odd vocabulary, temperature 0.7',
    json: {
      ...LLAMA,
      vocab_size: 51,
      hidden_size: 48,
      num_attention_heads: 6,
      num_key_value_heads: 2,
      head_dim: 12,
      intermediate_size: 100,
      attention_bias: true,
      tie_word_embeddings: false,
    },
    temperature: 0.7,
  },
  {
    name: 'qwen2, one kv head',
    json: { ...LLAMA, model_type: 'qwen2', num_key_value_heads: 1, vocab_size: 65 },
    temperature: 1.3,
  },
];

function randomSequences(
  vocabulary: number,
  lengths: readonly (readonly [number, number])[],
): SequenceTokens[] {
  const random = randomStream(5, 'test');
  const draw = (n: number) => Array.from({ length: n }, () => random.below(vocabulary));
  return lengths.map(([prompt, completion]) => ({
    prompt: draw(prompt),
    completion: draw(completion),
  }));
}

describe.each(CASES)('a learner ($name)', ({ json, temperature }) => {
  const config = parseModelConfig(json);
  const layout = parameterLayout(config);
  const flat = initialiseParameters(layout, 3).map((x, i) =>
    i % 7 === 0 ? x * 1.5 : x,
  ) as Float32Array<ArrayBuffer>;
  const sequences = randomSequences(config.vocab_size, [
    [3, 9],
    [1, 1],
    [7, 40],
    [2, 17],
    [5, 0],
    [1, 63],
  ]);
  const batch = packBatch(sequences, 64);
  const reference = {
    ids: batch.ids.subarray(0, batch.count),
    positions: batch.positions.subarray(0, batch.count),
    segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
  };
  const scored = {
    rows: batch.sources.subarray(0, batch.targetCount),
    targets: batch.targets.subarray(0, batch.targetCount),
    temperature,
  };
  const random = randomStream(6, 'coefficients');
  const coefficients = Array.from({ length: batch.targetCount }, () => random.normal());
  const entropyCoefficients = Array.from({ length: batch.targetCount }, () => random.normal());
  const asked = { logprob: coefficients, entropy: entropyCoefficients };

  it('scores as the oracle does', async () => {
    const learner = await Learner.create(gpu, layout, {
      tokens: 256,
      positions: 128,
      temperature,
      train: false,
    });
    learner.setParameters(flat);
    const got = await learner.score(batch);
    const want = referenceScores(layout, flat, reference, scored);
    for (let i = 0; i < batch.targetCount; i++) {
      expect(Math.abs(got.logprobs[i] - want.logprobs[i])).toBeLessThan(2e-5);
      expect(Math.abs(got.entropies[i] - want.entropies[i])).toBeLessThan(2e-5);
    }
    learner.destroy();
  });

  it('gives the gradient of every tensor, and adds a second one on top', async () => {
    const learner = await Learner.create(gpu, layout, {
      tokens: 256,
      positions: 128,
      temperature,
      train: true,
    });
    learner.setParameters(flat);
    await learner.accumulate(batch, () => asked);
    const got = await learner.readGradients();
    const want = referenceGradient(layout, flat, reference, {
      ...scored,
      coefficients,
      entropyCoefficients,
    });
    for (const { name, offset, size } of layout.tensors) {
      const a = got.subarray(offset, offset + size);
      const b = want.subarray(offset, offset + size);
      const rms = Math.sqrt(b.reduce((sum, x) => sum + x * x, 0) / size);
      const worst = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
      expect(worst / rms, name).toBeLessThan(2e-3);
    }
    await learner.accumulate(batch, () => asked);
    const twice = await learner.readGradients();
    const { offset, size } = layout.layers[0].qkv;
    for (let i = offset; i < offset + size; i++) expect(twice[i]).toBeCloseTo(2 * got[i], 3);
    learner.destroy();
  });

  it('gives equal bits for equal batches, and for a sequence whatever else is in the batch', async () => {
    const learner = await Learner.create(gpu, layout, {
      tokens: 256,
      positions: 128,
      temperature,
      train: false,
    });
    learner.setParameters(flat);
    const first = await learner.score(batch);
    expect(await learner.score(batch)).toEqual(first);
    const alone = await learner.score(packBatch([sequences[2]], 64));
    const { start, length } = batch.completions[2];
    expect(alone.logprobs).toEqual(first.logprobs.slice(start, start + length));
    learner.destroy();
  });

  it('shares a prompt: the same bits forward, the oracle’s gradients backward', async () => {
    const [a, b] = [sequences[2], sequences[3]];
    const group = [0, 4, 5, 0, 30].map((length, i) => ({
      ...{ group: 1, prompt: a.prompt },
      completion: a.completion.slice(i, i + length),
    }));
    const shared = packBatch([{ ...b, group: 0 }, ...group, b], 64);
    const apart = packBatch(
      [b, ...group.map(({ prompt, completion }) => ({ prompt, completion })), b],
      64,
    );
    expect(apart.count - shared.count).toBe(4 * (a.prompt.length - 1));
    const learner = await Learner.create(gpu, layout, {
      ...{ tokens: 256, positions: 128, temperature, train: true },
    });
    learner.setParameters(flat);
    expect(await learner.score(shared)).toEqual(await learner.score(apart));
    const random = randomStream(7, 'coefficients');
    const own = Array.from({ length: shared.targetCount }, () => random.normal());
    await learner.accumulate(shared, () => ({ logprob: own }));
    const got = await learner.readGradients();
    const want = referenceGradient(
      layout,
      flat,
      {
        ids: apart.ids.subarray(0, apart.count),
        positions: apart.positions.subarray(0, apart.count),
        segmentStarts: apart.spans.filter((_, i) => i % 4 === 0).subarray(0, apart.count),
      },
      {
        rows: apart.sources.subarray(0, apart.targetCount),
        targets: apart.targets.subarray(0, apart.targetCount),
        ...{ temperature, coefficients: own, entropyCoefficients: own.map(() => 0) },
      },
    );
    for (const { name, offset, size } of layout.tensors) {
      const of = want.subarray(offset, offset + size);
      const rms = Math.sqrt(of.reduce((sum, x) => sum + x * x, 0) / size);
      const worst = of.reduce((most, x, i) => Math.max(most, Math.abs(x - got[offset + i])), 0);
      expect(worst / rms, name).toBeLessThan(2e-3);
    }
    learner.destroy();
  });
});
