/** The scalar head of a learner: values and gradients against the float64 oracle, its update, and that it disturbs nothing. */
import { describe, expect, it } from 'vitest';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { normals } from '../kernels/checking/data.ts';
import { valueForward } from '../kernels/value/value.reference.ts';
import { packBatch } from './batch.ts';
import { parseModelConfig } from './config.ts';
import { initialiseParameters } from './initialise.ts';
import { Learner } from './learner.ts';
import type { LearnerOptions } from './learner-buffers.ts';
import { parameterLayout } from './parameters.ts';
import { referenceHidden, referenceScores } from './reference.ts';
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
  segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
};
const sources = batch.sources.subarray(0, batch.targetCount);
/** The row that each completion token's number is read from. */
const ROWS = { before: sources, at: sources.map((row) => row + 1) };
const targets = batch.targets.subarray(0, batch.targetCount);
/** Weight, bias, and both moments at zero. */
const state = new Float32Array(3 * (WIDTH + 4));
state.set(normals(8, WIDTH + 1));
const coefficients = normals(9, batch.targetCount);
const asked = { value: coefficients };

function valuesAt(p: ArrayLike<number>, rows: ScalarOptions['rows'] = 'before') {
  const hidden = referenceHidden(layout, p, reference, ROWS[rows]);
  return valueForward({ rows: targets.length, width: WIDTH, hidden, head: state }).values;
}

function headOf(learner: Learner): ScalarHead {
  if (!learner.scalar) throw new Error('this learner has no scalar head');
  return learner.scalar;
}

async function open(
  trunk?: ScalarOptions['trunk'],
  { rows = 'before', ...more }: Partial<LearnerOptions> & Partial<ScalarOptions> = {},
): Promise<Learner> {
  const learner = await Learner.create(gpu, layout, {
    ...{ tokens: 32, positions: 64, temperature: 1, train: true },
    ...(trunk && { scalar: { rows, trunk } }),
    ...more,
  });
  learner.setParameters(flat);
  learner.scalar?.setParameters(state.slice(0, WIDTH + 4));
  return learner;
}

/** The slope of a loss in a random direction of one tensor, and what a gradient says of it, for every tensor. */
function slopes(loss: (p: ArrayLike<number>) => number, gradient: ArrayLike<number>) {
  const h = 1e-5;
  return layout.tensors.map(({ name, offset, size }) => {
    const direction = normals(offset + 1, size);
    const moved = (by: number) => {
      const p = Float64Array.from(flat);
      for (let i = 0; i < size; i++) p[offset + i] += by * direction[i];
      return loss(p);
    };
    const slope = (moved(h) - moved(-h)) / (2 * h);
    return { name, slope, own: direction.reduce((sum, d, i) => sum + d * gradient[offset + i], 0) };
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, x, i) => sum + x * b[i], 0);
}

const SETTINGS = {
  ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  ...{ weightDecay: 0, maxGradNorm: 1e9, step: 1 },
};

describe('a scalar head', () => {
  it.each(['before', 'at'] as const)(
    'gives the values of the oracle at the rows %s the tokens, and leaves log-probs and entropies as they are',
    async (rows) => {
      const learner = await open('shared', { rows });
      const bare = await open();
      const { values = new Float32Array(0), ...scores } = await learner.score(batch);
      const want = valuesAt(flat, rows);
      expect(values.length).toBe(want.length);
      for (const [i, value] of want.entries())
        expect(Math.abs(values[i] - value)).toBeLessThan(1e-5);
      expect(scores).toEqual(await bare.score(batch));
      learner.destroy();
      bare.destroy();
    },
  );

  it('without a token head gives the same values, for scoring alone too, and nothing for tokens', async () => {
    for (const rows of ['before', 'at'] as const) {
      const both = await open('shared', { rows });
      const { values } = await both.score(batch);
      both.destroy();
      for (const train of [true, false]) {
        const alone = await open('shared', { rows, train, tokenHead: false });
        const scores = await alone.score(batch);
        expect(scores).toEqual({
          logprobs: new Float32Array(),
          entropies: new Float32Array(),
          values,
        });
        alone.destroy();
      }
    }
  });

  it.each([
    { rows: 'before', tokenHead: true },
    { rows: 'before', tokenHead: false },
    { rows: 'at', tokenHead: true },
    { rows: 'at', tokenHead: false },
  ] as const)(
    'sends its gradient into every tensor below it where shared (rows $rows, token head $tokenHead)',
    async ({ rows, tokenHead }) => {
      const learner = await open('shared', { rows, tokenHead });
      await learner.accumulate(batch, () => asked);
      const gradient = await learner.readGradients();
      const loss = (p: ArrayLike<number>) => dot(coefficients, valuesAt(p, rows));
      for (const { name, own, slope } of slopes(loss, gradient)) {
        if (name === 'lm_head.weight') expect([own, slope]).toEqual([0, 0]);
        else {
          expect(Math.abs(slope), name).toBeGreaterThan(1e-6);
          expect(Math.abs(own - slope), name).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
        }
      }
      await expectOwnGradient(learner, rows);
      learner.destroy();
    },
  );

  it.each(['before', 'at'] as const)(
    'adds its gradient to that of the token head (rows %s)',
    async (rows) => {
      const learner = await open('shared', { rows });
      const logprob = normals(10, targets.length);
      const entropy = normals(11, targets.length);
      await learner.accumulate(batch, () => ({ logprob, entropy, value: coefficients }));
      const loss = (p: ArrayLike<number>) => {
        const scored = { rows: sources, targets, temperature: 1 };
        const { logprobs, entropies } = referenceScores(layout, p, reference, scored);
        return (
          dot(logprob, logprobs) + dot(entropy, entropies) + dot(coefficients, valuesAt(p, rows))
        );
      };
      for (const { name, own, slope } of slopes(loss, await learner.readGradients()))
        expect(Math.abs(own - slope), name).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
      learner.destroy();
    },
  );

  it('keeps its gradient from the trunk when detached', async () => {
    for (const rows of ['before', 'at'] as const) {
      for (const tokenHead of [true, false]) {
        const learner = await open('detached', { rows, tokenHead });
        await learner.accumulate(batch, () => asked);
        expect(Math.max(...(await learner.readGradients()).map(Math.abs))).toBe(0);
        await expectOwnGradient(learner, rows);
        learner.destroy();
      }
    }
  });

  it('has its own learning rate and norm, rolls back with the learner, and keeps its state when read and written', async () => {
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

  it('reports when its own gradient is not finite', async () => {
    const learner = await open('detached');
    const broken = { ...asked, value: coefficients.with(2, Number.NaN) };
    await learner.accumulate(batch, () => broken);
    expect(await learner.update(SETTINGS, 0.5)).toMatchObject({ finite: false });
    learner.destroy();
  });
});

/** Expects that the head's own gradient is the coefficients' sum of hidden rows, and of ones. */
async function expectOwnGradient(learner: Learner, rows: ScalarOptions['rows']): Promise<void> {
  const gradient = await headOf(learner).readGradients();
  const hidden = referenceHidden(layout, flat, reference, ROWS[rows]);
  for (let c = 0; c <= WIDTH; c++) {
    const column = coefficients.map((_, i) => (c === WIDTH ? 1 : hidden[i * WIDTH + c]));
    expect(Math.abs(gradient[c] - dot(coefficients, column))).toBeLessThan(1e-5);
  }
}

describe('the state of a learner with a scalar head', () => {
  it('has two slots where it was opened with two, the head’s numbers in each, and one otherwise', async () => {
    const learner = await open('shared', { rows: 'at', tokenHead: false, snapshots: 2 });
    const states = [await learner.readState()];
    for (const [slot, step] of [1, 2, 3].entries()) {
      if (slot < 2) learner.snapshot(slot);
      await learner.accumulate(batch, () => asked);
      await learner.update({ ...SETTINGS, step }, 0.1);
      states.push(await learner.readState());
    }
    expect(states[0].value).not.toEqual(states[1].value);
    expect(states[0].parameters).not.toEqual(states[1].parameters);
    for (const slot of [1, 0, 1]) {
      learner.rollback(slot);
      expect(await learner.readState()).toEqual(states[slot]);
    }
    expect(() => learner.snapshot(2)).toThrow(RangeError);
    learner.destroy();

    const one = await open('shared');
    expect(() => one.snapshot(1)).toThrow(RangeError);
    one.destroy();
  });

  it('forgets gradients and moments of the head with those of the trunk', async () => {
    const learner = await open('shared');
    await learner.accumulate(batch, () => asked);
    learner.clearGradients();
    expect(Math.max(...(await headOf(learner).readGradients()).map(Math.abs))).toBe(0);
    await learner.accumulate(batch, () => asked);
    await learner.update(SETTINGS, 0.1);
    learner.clearMoments();
    const { value = new Float32Array() } = await learner.readState();
    expect(value.subarray(0, WIDTH)).not.toEqual(state.subarray(0, WIDTH));
    expect(Math.max(...value.subarray(WIDTH + 4).map(Math.abs))).toBe(0);
    learner.destroy();
  });
});

describe('a learner without a token head', () => {
  it('has no memory for logits, and less for what is scored alone', async () => {
    // So many tokens to a vocabulary that logits are most of what a learner holds.
    const wide = parameterLayout({ ...layout.config, vocab_size: 4096 });
    const bytesOf = async (more: Partial<LearnerOptions>) => {
      const before = gpu.bytes;
      const learner = await Learner.create(gpu, wide, {
        ...{ tokens: 256, positions: 64, temperature: 1, train: true },
        scalar: { rows: 'before', trunk: 'shared' },
        ...more,
      });
      const bytes = gpu.bytes - before;
      learner.destroy();
      expect(gpu.bytes).toBe(before);
      return bytes;
    };
    const logits = 4 * 256 * 4096;
    const [both, alone] = [await bytesOf({}), await bytesOf({ tokenHead: false })];
    expect(both - alone).toBeGreaterThanOrEqual(logits);
    expect(await bytesOf({ train: false })).toBeLessThan(both);
    expect(await bytesOf({ train: false, tokenHead: false })).toBeLessThan(alone);
  });

  it('refuses what only a token head can do, a missing head, and training where it was opened for scoring', async () => {
    const learner = await open('shared', { tokenHead: false });
    for (const more of [{ logprob: coefficients }, { entropy: coefficients }])
      await expect(learner.accumulate(batch, () => more)).rejects.toThrow('token head');
    learner.setReference();
    await expect(learner.score(batch, 'reference')).rejects.toThrow('token head');
    learner.destroy();

    await expect(open(undefined, { tokenHead: false })).rejects.toThrow(RangeError);
    const size = { tokens: 32, positions: 64, temperature: 1, train: false };
    const headless = parameterLayout(layout.config, undefined, false);
    await expect(Learner.create(gpu, headless, size)).rejects.toThrow('output matrix');
    const fixed = await open('shared', { tokenHead: false, train: false });
    await expect(fixed.accumulate(batch, () => asked)).rejects.toThrow('not opened for training');
    fixed.destroy();
  });
});
