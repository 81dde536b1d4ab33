/** Calls of a learner that are made side by side do what the same calls do one after the other, to the bit. */
import { expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { normals } from '../kernels/checking/data.ts';
import { streamKey } from '../rl/random.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { Generator } from './generate.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner, type TokenScores } from './learner.ts';
import { parameterLayout } from './parameters.ts';

const gpu = await testGpu();
const layout = parameterLayout(
  parseModelConfig({
    model_type: 'llama',
    vocab_size: 11,
    hidden_size: 12,
    num_hidden_layers: 2,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    head_dim: 4,
    intermediate_size: 20,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  }),
);
const flat = initialiseParameters(layout, 3, 0.3);
/** Of other lengths and other tokens. */
const batches = [
  [{ prompt: [1, 5], completion: [3, 7, 2] }],
  [
    { prompt: [4], completion: [9, 0, 10, 6, 2] },
    { prompt: [8, 8, 8], completion: [1] },
  ],
  [{ prompt: [6], completion: [5, 4, 3, 2, 1, 0, 1, 2] }],
].map((sequences) => packBatch(sequences, 16));
const prompts = [[1, 5], [4]];

/** Coefficients that depend on the scores, so that those of another batch would show. */
const coefficientsOf = ({ logprobs, entropies, values = new Float32Array() }: TokenScores) => ({
  logprob: logprobs.map((x) => 0.3 * x),
  entropy: entropies.map((x) => -0.1 * x),
  value: values.map((x, i) => x - i),
});

const SETTINGS = {
  ...{ learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weightDecay: 0.01, maxGradNorm: 1 },
};

/** What is asked of a learner, in this order; some of it fails. */
function jobs(learner: Learner, generator: Generator): (() => Promise<unknown>)[] {
  const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
  const generate = () =>
    generator.generate({ prompts, copies: 3, sampling, key: streamKey(9, 'sample'), uid: 0 });
  const refuse = () => {
    throw new Error('refused');
  };
  const step = (number: number) => [
    ...batches.map((batch) => () => learner.score(batch)),
    generate,
    () => learner.accumulate(batches[0], coefficientsOf),
    () => learner.score(batches[2], 'reference'),
    () => learner.accumulate(batches[1], refuse),
    () => learner.accumulate(batches[2], () => ({ logprob: [1] })),
    () => learner.accumulate(batches[1], coefficientsOf),
    () => learner.readGradients(),
    () => learner.turn(() => gpu.readFloats(learner.parameters)),
    () => learner.update({ ...SETTINGS, step: number }, 0.05),
    generate,
    () => learner.readState(),
  ];
  return [1, 2].flatMap(step);
}

async function open(): Promise<{ learner: Learner; generator: Generator; close(): void }> {
  const learner = await Learner.create(gpu, layout, {
    ...{ tokens: 32, positions: 64, temperature: 1, train: true },
    scalar: { rows: 'before', trunk: 'shared' },
  });
  learner.setParameters(flat);
  learner.setReference(initialiseParameters(layout, 4, 0.3));
  learner.scalar?.writeState(normals(8, 3 * 16).fill(0, 13));
  const generator = await Generator.create(
    gpu,
    layout,
    learner.parameters,
    learner.rope,
    { sequences: 8, promptTokens: 16, positions: 64, budget: 12 },
    learner,
  );
  return {
    learner,
    generator,
    close() {
      generator.destroy();
      learner.destroy();
    },
  };
}

it('gives the same bits for calls made all at once as for one after the other, and a call that fails adds nothing', async () => {
  const one = await open();
  const single: PromiseSettledResult<unknown>[] = [];
  for (const job of jobs(one.learner, one.generator))
    single.push(...(await Promise.allSettled([job()])));
  one.close();
  const failed = single.flatMap(({ status }, i) => (status === 'rejected' ? [i % 14] : []));
  expect(failed).toEqual([6, 7, 6, 7]);
  // What is compared is not the same throughout: training moves it.
  expect(single[0]).not.toEqual(single[14]);

  const other = await open();
  const atOnce = await Promise.allSettled(jobs(other.learner, other.generator).map((job) => job()));
  expect(atOnce).toEqual(single);
  other.close();
});

it('keeps two learners on one device apart', async () => {
  const alone = await open();
  const all = (learner: Learner, generator: Generator) =>
    Promise.allSettled(jobs(learner, generator).map((job) => job()));
  const single = await all(alone.learner, alone.generator);
  alone.close();
  const [a, b] = [await open(), await open()];
  const both = await Promise.all([all(a.learner, a.generator), all(b.learner, b.generator)]);
  expect(both).toEqual([single, single]);
  a.close();
  b.close();
});
