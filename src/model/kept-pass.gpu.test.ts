/** A learner that begins with what generation kept has the bits of one that computes it again. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { familyGpu } from '../kernels/testing/family-gpu.ts';
import { randomStream, streamKey } from '../rl/random.ts';
import { packBatch, type SequenceTokens } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { Generator } from './generate.ts';
import { initialiseParameters } from './initialise.ts';
import { KeptPass } from './kept-pass.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';

const gpu = await familyGpu('scalar');

const MODEL = {
  model_type: 'llama',
  vocab_size: 37,
  hidden_size: 24,
  num_hidden_layers: 3,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
  hidden_act: 'silu',
  eos_token_id: 2,
};
/** Three heads make a row of log-sum-exps that is no whole number of vectors. Heads of 40 stay in loops. */
const SHAPES = [
  { num_attention_heads: 3, num_key_value_heads: 1, head_dim: 16, intermediate_size: 44 },
  { num_attention_heads: 2, num_key_value_heads: 2, head_dim: 40, intermediate_size: 32 },
];
const SIZE = { sequences: 40, promptTokens: 128, positions: 64, budget: 24 };
const ROWS = 1024;
const SAMPLING = { temperature: 0.8, topK: 0, topP: 1, minP: 0, greedy: false };
const ADAMW = {
  ...{ learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weightDecay: 0, maxGradNorm: 1, step: 1 },
};

const draw = randomStream(2, 'prompts');
const prompts = [1, 7, 3, 12].map((n) => Array.from({ length: n }, () => 3 + draw.below(34)));

async function openModel(shape: (typeof SHAPES)[number], fp16: boolean) {
  const config = parseModelConfig({ ...MODEL, ...shape });
  const layout = parameterLayout(config);
  // Large weights, so that lengths vary.
  const flat = initialiseParameters(layout, 11).map((x, i) =>
    i < layout.decayEnd ? x * 8 : x,
  ) as Float32Array<ArrayBuffer>;
  const options = { tokens: ROWS, positions: 64, temperature: 0.8, train: true, fp16 };
  const make = async () => {
    const learner = await Learner.create(gpu, layout, options);
    learner.setParameters(flat);
    return learner;
  };
  const [learner, plain] = [await make(), await make()];
  const kept = await KeptPass.create(gpu, config, {
    generator: { ...SIZE, fp16 },
    promptTokens: 23,
    rows: ROWS,
  });
  learner.recallFrom(kept);
  const generator = await Generator.create(
    ...([gpu, layout, learner.parameters, learner.rope, { ...SIZE, fp16 }, learner, kept] as const),
  );
  afterAll(() => {
    for (const one of [generator, kept, learner, plain]) one.destroy();
  });
  return { learner, plain, kept, generator, flat };
}

const CASES = SHAPES.flatMap((shape) => [
  { ...shape, fp16: false },
  { ...shape, fp16: true },
]);

describe.each(CASES)('heads of $head_dim, fp16 $fp16', async ({ fp16, ...shape }) => {
  const { learner, plain, kept, generator, flat } = await openModel(shape, fp16);
  const found = vi.spyOn(kept, 'find');
  beforeEach(() => {
    learner.setParameters(flat);
    learner.clearGradients();
    learner.clearMoments();
    plain.setParameters(flat);
    plain.clearGradients();
    plain.clearMoments();
    found.mockClear();
  });
  afterEach(() => kept.forget());

  /** Whether the batches since the last test were recalled, one by one. */
  const recalled = () => found.mock.results.map(({ value }) => value);

  const write = async (keep: boolean, uid = 100): Promise<SequenceTokens[]> => {
    const key = streamKey(9, 'sample');
    const request = { prompts, copies: 5, sampling: SAMPLING, key, uid, keep };
    const written = await generator.generate(request);
    return written.map(({ ids }, i) => {
      const group = Math.floor(i / 5);
      return { prompt: [...prompts[group]], completion: ids, group };
    });
  };
  const coefficients = ({ logprobs }: { logprobs: Float32Array }) => ({
    logprob: logprobs.map((x, i) => Math.sin(i) - x),
    entropy: logprobs.map((_, i) => 0.1 * Math.cos(i)),
  });

  it('scores and learns with the bits of a forward pass, in any order and in parts', async () => {
    const answers = await write(true);
    const lengths = new Set(answers.map(({ completion }) => completion.length));
    expect(lengths.size).toBeGreaterThan(3);
    const parts = [answers.slice(7).toReversed(), answers.slice(0, 7)];
    for (const part of parts) {
      const batch = packBatch(part, 64, false);
      const scores = await learner.score(batch);
      expect(scores).toEqual(await plain.score(batch));
      expect(scores.logprobs.every((x) => x < 0)).toBe(true);
      await learner.accumulate(batch, coefficients);
      await plain.accumulate(batch, coefficients);
    }
    expect(recalled()).toEqual([true, true, true, true]);
    const gradients = await learner.readGradients();
    expect(gradients).toEqual(await plain.readGradients());
    expect(Math.hypot(...gradients)).toBeGreaterThan(0);
  });

  it('keeps while others are written that are not kept, and draws the same either way', async () => {
    const answers = await write(true);
    expect(await write(false)).toEqual(answers);
    await write(false, 900);
    const batch = packBatch(answers, 64, false);
    expect(await learner.score(batch)).toEqual(await plain.score(batch));
    expect(recalled()).toEqual([true]);
  });

  it('computes again what it does not know', async () => {
    const answers = await write(true);
    const [first] = answers;
    const unknown = [
      // An equal answer is not the same: who wrote it is not known.
      packBatch([{ ...first, completion: [...first.completion] }], 64, false),
      packBatch([{ ...first, prompt: [...first.prompt, 5] }], 64, false),
      packBatch([...answers, { prompt: [4, 5], completion: [6, 7, 8] }], 64, false),
      // The last token has passed through no layer.
      packBatch([first], 64, true),
    ];
    for (const batch of unknown)
      expect(await learner.score(batch)).toEqual(await plain.score(batch));
    expect(recalled()).toEqual([false, false, false, false]);
  });

  it.each([
    ['an update', () => learner.update(ADAMW)],
    ['new parameters', async () => learner.setParameters(flat)],
    [
      'going back',
      async () => {
        learner.snapshot();
        learner.rollback();
      },
    ],
  ] as const)('forgets with %s', async (_, change) => {
    const batch = packBatch(await write(true), 64, false);
    await change();
    await learner.score(batch);
    expect(recalled()).toEqual([false]);
  });

  it('keeps nothing of a call whose prompts have no room, and forgets what it kept before', async () => {
    const batch = packBatch(await write(true), 64, false);
    const long = prompts.map(() => Array.from({ length: 20 }, (_, i) => 3 + i));
    expect(20 * long.length).toBeGreaterThan(kept.promptRows);
    const more = { copies: 1, sampling: SAMPLING, key: streamKey(1, 'sample'), uid: 0, keep: true };
    const [first] = await generator.generate({ ...more, prompts: long });
    const other = packBatch([{ prompt: long[0], completion: first.ids }], 64, false);
    expect(await learner.score(other)).toEqual(await plain.score(other));
    await learner.score(batch);
    expect(recalled()).toEqual([false, false]);
  });

  it('forgets what a later call overwrites, also where that is stopped', async () => {
    const batch = packBatch(await write(true), 64, false);
    const stop = new AbortController();
    stop.abort();
    const key = streamKey(1, 'sample');
    const stopped = generator.generate({
      ...{ prompts, copies: 5, sampling: SAMPLING, key, uid: 0, keep: true },
      signal: stop.signal,
    });
    await expect(stopped).rejects.toThrow('stopped');
    await learner.score(batch);
    expect(recalled()).toEqual([false]);
  });
});
