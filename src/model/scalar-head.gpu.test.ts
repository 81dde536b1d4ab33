/** The scalar head of a learner: values and gradients against the float64 oracle, its update, and that it disturbs nothing. */
import { describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { normals } from '../kernels/checking/data.ts';
import { valueForward } from '../kernels/value/value.reference.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import { parameterLayout } from './parameters.ts';
import { referenceHidden } from './reference.ts';
import type { ScalarHead, ScalarOptions } from './scalar-head.ts';

const gpu = await testGpu();
const WIDTH = 12;
const layout = parameterLayout(
  parseModelConfig({
    model_type: 'llama',
    vocab_size: 11,
    hidden_size: WIDTH,
    num_hidden_layers: 2,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    head_dim: 4,
    intermediate_size: 20,
    max_position_embeddings: 64,
    tie_word_embeddings: false,
  }),
);
const flat = initialiseParameters(layout, 3, 0.3);
const batch = packBatch(
  [
    { prompt: [1, 5], completion: [3, 7, 2] },
    { prompt: [4], completion: [9, 0, 10, 6, 2] },
  ],
  16,
);
const reference = {
  ids: batch.ids.subarray(0, batch.count),
  positions: batch.positions.subarray(0, batch.count),
  segmentStarts: batch.spans.filter((_, i) => i % 2 === 0).subarray(0, batch.count),
};
const rows = batch.sources.subarray(0, batch.targetCount);
/** Weight, bias, and both moments at zero. */
const state = new Float32Array(3 * (WIDTH + 4));
state.set(normals(8, WIDTH + 1));
const coefficients = normals(9, batch.targetCount);
const asked = { logprob: new Float64Array(batch.targetCount), value: coefficients };

function valuesAt(p: ArrayLike<number>) {
  const hidden = referenceHidden(layout, p, reference, rows);
  return valueForward({ rows: rows.length, width: WIDTH, hidden, head: state }).values;
}

function headOf(learner: Learner): ScalarHead {
  if (!learner.scalar) throw new Error('this learner has no scalar head');
  return learner.scalar;
}

async function open(trunk?: ScalarOptions['trunk']): Promise<Learner> {
  const learner = await Learner.create(gpu, layout, {
    ...{ tokens: 32, positions: 64, temperature: 1, train: true },
    ...(trunk && { scalar: { rows: 'before', trunk } }),
  });
  learner.setParameters(flat);
  learner.scalar?.writeState(state);
  return learner;
}

const SETTINGS = {
  ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weightDecay: 0, maxGradNorm: 1e9, step: 1 },
};

describe('a scalar head', () => {
  it('gives the values of the oracle, and leaves log-probs and entropies as they are', async () => {
    const learner = await open('shared');
    const bare = await open();
    const { values = new Float32Array(0), ...scores } = await learner.score(batch);
    const want = valuesAt(flat);
    expect(values.length).toBe(want.length);
    for (let i = 0; i < want.length; i++) expect(Math.abs(values[i] - want[i])).toBeLessThan(1e-5);
    expect(scores).toEqual(await bare.score(batch));
    learner.destroy();
    bare.destroy();
  });

  it('sends its gradient into every tensor below it where shared, and into none where detached', async () => {
    const learner = await open('shared');
    await learner.accumulate(batch, () => asked);
    const got = await learner.readGradients();
    const loss = (p: ArrayLike<number>) =>
      valuesAt(p).reduce((sum, value, i) => sum + coefficients[i] * value, 0);
    const h = 1e-5;
    for (const { name, offset, size } of layout.tensors) {
      const direction = normals(offset + 1, size);
      const moved = (by: number) => {
        const p = Float64Array.from(flat);
        for (let i = 0; i < size; i++) p[offset + i] += by * direction[i];
        return loss(p);
      };
      const slope = (moved(h) - moved(-h)) / (2 * h);
      const own = direction.reduce((sum, d, i) => sum + d * got[offset + i], 0);
      if (name === 'lm_head.weight') expect([own, slope]).toEqual([0, 0]);
      else {
        expect(Math.abs(slope), name).toBeGreaterThan(1e-6);
        expect(Math.abs(own - slope), name).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
      }
    }
    learner.destroy();

    const detached = await open('detached');
    await detached.accumulate(batch, () => asked);
    expect(Math.max(...(await detached.readGradients()).map(Math.abs))).toBe(0);
    const head = await headOf(detached).readGradients();
    const hidden = referenceHidden(layout, flat, reference, rows);
    for (let c = 0; c <= WIDTH; c++) {
      const column = (i: number) => (c === WIDTH ? 1 : hidden[i * WIDTH + c]);
      const want = coefficients.reduce((sum, k, i) => sum + k * column(i), 0);
      expect(Math.abs(head[c] - want)).toBeLessThan(1e-5);
    }
    detached.destroy();
  });

  it('moves by its own rate and norm, comes back with the learner, and keeps its state through writing', async () => {
    const learner = await open('detached');
    const head = headOf(learner);
    learner.snapshot();
    const before = await learner.readState();
    expect(before.value).toEqual(state);
    await learner.accumulate(batch, () => asked);
    const gradient = await head.readGradients();
    const { gradNorm, valueGradNorm, finite } = await learner.update(SETTINGS, 0.5);
    expect([gradNorm, finite]).toEqual([0, true]);
    expect(valueGradNorm).toBeCloseTo(Math.hypot(...gradient), 4);
    // The first step of Adam is the rate itself, against the gradient's sign.
    const after = await head.readParameters();
    for (let c = 0; c <= WIDTH; c++)
      expect(after[c]).toBeCloseTo(state[c] - 0.5 * Math.sign(gradient[c]), 5);
    expect([...after.subarray(WIDTH + 1)]).toEqual([0, 0, 0]);
    expect(await learner.readParameters()).toEqual(before.parameters);
    const moved = await learner.readState();
    learner.rollback();
    expect(await learner.readState()).toEqual(before);
    learner.writeState(moved);
    expect(await learner.readState()).toEqual(moved);
    learner.destroy();
  });

  it('says when its own gradient is not finite', async () => {
    const learner = await open('detached');
    const broken = { ...asked, value: coefficients.with(2, Number.NaN) };
    await learner.accumulate(batch, () => broken);
    expect(await learner.update(SETTINGS, 0.5)).toMatchObject({ finite: false });
    learner.destroy();
  });
});
