/**
 * A whole PPO step on a tiny policy against an independent version in float64: the loss is written again here from the papers'
 * formulas, on the CPU model, and the gradients of the second epoch are compared with its finite differences.
 */
import { describe, expect, it, vi } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals } from '../../kernels/checking/data.ts';
import { packBatch } from '../../model/batch.ts';
import { parseModelConfig } from '../../model/config.ts';
import type { Generator } from '../../model/generate.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import { Learner } from '../../model/learner.ts';
import { parameterLayout } from '../../model/parameters.ts';
import { referenceHidden, referenceScores } from '../../model/reference.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { type Experiment, parseExperiment } from '../experiment/schema.ts';
import { NotFinite } from '../learn/finite.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { PhaseTimer } from '../run/phase-timer.ts';
import { LearnerPart } from '../run/state.ts';
import { StepRun } from '../run/step-run.ts';
import { createTask } from '../tasks/index.ts';
import { methodOf } from './index.ts';

const gpu = await testGpu();
const WIDTH = 12;
const layout = parameterLayout(
  parseModelConfig({
    model_type: 'llama',
    vocab_size: 11,
    hidden_size: WIDTH,
    num_hidden_layers: 1,
    num_attention_heads: 3,
    num_key_value_heads: 1,
    head_dim: 4,
    intermediate_size: 20,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  }),
);
const start = initialiseParameters(layout, 3, 0.4);
const frozen = initialiseParameters(layout, 4, 0.4);
/** The head's weight and bias; then both moments. */
const head = new Float32Array(3 * (WIDTH + 4));
head.set(normals(8, WIDTH + 1, 0.2));

const TEXTS = [
  { prompt: [1, 5], completion: [3, 7, 2], total: 1, truncated: false },
  { prompt: [4], completion: [9, 0, 10, 6, 2], total: -0.5, truncated: false },
  { prompt: [4], completion: [8, 8, 1], total: 0.25, truncated: true },
  // Neither of these takes part: one has no reward, the other no tokens.
  { prompt: [6, 6], completion: [3, 3], total: null, truncated: false },
  { prompt: [7], completion: [], total: 2, truncated: true },
];
const ACTIVE = TEXTS.slice(0, 3);
const PENALTY = 0.3;
const chain = createTask({
  id: 'chain',
  min_terms: 2,
  max_terms: 3,
  largest_term: 9,
  answer_apart: false,
});
const completions = TEXTS.map(
  ({ prompt, completion, truncated }, group): Completion => ({
    role: 'solver',
    question: chain.question('train', group, 1),
    group,
    promptIds: prompt,
    completionIds: completion,
    text: '',
    logprobs: completion.map(() => 0),
    truncated,
  }),
);
const rewards: CombinedRewards = {
  ...{ totals: TEXTS.map(({ total }) => total), metrics: {} },
  terms: new Map(),
};

function experimentWith(more: Record<string, unknown> = {}) {
  const parsed = parseExperiment({
    method: {
      ...{ name: 'ppo', num_generations: 1, prompts_per_step: 5, learning_rate: 0.03 },
      ...{ num_ppo_epochs: 2, value_learning_rate: 0.1, value_detach: false, vf_coef: 0.5 },
      ...{ gamma: 0.9, lam: 0.8, kl_coef: 0.1, beta: 0.2, entropy_coef: 0.05 },
      ...{ missing_eos_penalty: PENALTY, max_grad_norm: 100, temperature: 0.8 },
      ...more,
    },
    logging: { sample_groups: TEXTS.length },
  });
  if (!parsed.ok || parsed.experiment.method.name !== 'ppo') throw new Error('not PPO');
  const { method } = parsed.experiment;
  return { ...parsed.experiment, method } satisfies Experiment;
}

type PpoMethod = ReturnType<typeof experimentWith>['method'];

async function open(method: PpoMethod): Promise<Learner> {
  const policy = await Learner.create(gpu, layout, {
    ...{ tokens: 64, positions: 64, temperature: method.temperature, train: true },
    scalar: { rows: 'before', trunk: method.value_detach ? 'detached' : 'shared' },
  });
  policy.setParameters(start);
  policy.setReference(frozen);
  policy.scalar?.writeState(head);
  return policy;
}

/** One step on the texts above, with given answers and rewards. */
function update(policy: Learner, experiment: ReturnType<typeof experimentWith>) {
  const step = new StepRun(0, {
    ...{ experiment, task: chain, terms: [], receivers: undefined },
    tokenizer: { tokenText: (id: number) => `${id}` } as Tokenizer,
    generators: new Map([['policy', { options: { positions: 64 } } as Generator]]),
    learners: new Map([['policy', new LearnerPart('policy', policy)]]),
    ...{ copies: new Map(), stores: new Map() },
    plan: { microBatchTokens: 12, tokenBucket: 4 },
    timer: new PhaseTimer(() => 0),
    good: () => undefined,
  });
  const given = { sample: async () => completions, reward: async () => rewards };
  return methodOf(experiment.method).step(Object.assign(step, given));
}

const batch = packBatch(ACTIVE, 4);
const packed = {
  ids: batch.ids.subarray(0, batch.count),
  positions: batch.positions.subarray(0, batch.count),
  segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
};
const rows = batch.sources.subarray(0, batch.targetCount);
const targets = batch.targets.subarray(0, batch.targetCount);

interface Point {
  readonly parameters: ArrayLike<number>;
  /** Weight, then bias. */
  readonly head: ArrayLike<number>;
}

function scoresAt({ parameters, head: w }: Point, temperature: number) {
  const { logprobs, entropies } = referenceScores(layout, parameters, packed, {
    ...{ rows, targets, temperature },
  });
  const hidden = referenceHidden(layout, parameters, packed, rows);
  const values = Array.from(rows, (_, i) => {
    let sum = w[WIDTH];
    for (let c = 0; c < WIDTH; c++) sum += hidden[i * WIDTH + c] * w[c];
    return sum;
  });
  return { logprobs, entropies, values };
}

/** PPO's loss at a point, after a rollout at `start`: written out with sums where the code has recursions. */
function lossAt(point: Point, s: PpoMethod): number {
  const then = scoresAt({ parameters: start, head }, s.temperature);
  const ref = scoresAt({ parameters: frozen, head }, s.temperature).logprobs;
  const advantages: number[] = [];
  ACTIVE.forEach(({ total, truncated, completion }, i) => {
    const { start: first, length } = batch.completions[i];
    const score = (total ?? 0) - (truncated ? PENALTY : 0);
    const reward = completion.map(
      (_, t) =>
        (t === length - 1 ? score : 0) - s.kl_coef * (then.logprobs[first + t] - ref[first + t]),
    );
    const value = (t: number) => (t < length ? then.values[first + t] : 0);
    const delta = reward.map((r, t) => r + s.gamma * value(t + 1) - value(t));
    for (let t = 0; t < length; t++) {
      const ahead = delta.slice(t).map((d, l) => (s.gamma * s.lam) ** l * d);
      advantages.push(ahead.reduce((a, b) => a + b));
    }
  });
  const n = advantages.length;
  const mean = advantages.reduce((a, b) => a + b) / n;
  const deviation = Math.sqrt(advantages.reduce((sum, a) => sum + (a - mean) ** 2, 0) / (n - 1));
  const now = scoresAt(point, s.temperature);
  let loss = 0;
  for (let t = 0; t < n; t++) {
    const a = (advantages[t] - mean) / deviation;
    const ratio = Math.exp(now.logprobs[t] - then.logprobs[t]);
    const clipped = Math.min(1 + s.epsilon, Math.max(1 - s.epsilon, ratio));
    const away = ref[t] - now.logprobs[t];
    const goal = advantages[t] + then.values[t];
    const range = s.cliprange_value ?? Number.POSITIVE_INFINITY;
    const change = Math.min(range, Math.max(-range, now.values[t] - then.values[t]));
    const errors = [now.values[t] - goal, then.values[t] + change - goal];
    loss += -Math.min(ratio * a, clipped * a);
    loss += s.beta * (Math.exp(away) - away - 1) - s.entropy_coef * now.entropies[t];
    loss += (s.vf_coef / 2) * Math.max(...errors.map((e) => e * e));
  }
  return loss / n;
}

/** The slope of the loss along `direction`, by central differences. */
function slopeAlong(at: (step: number) => Point, s: PpoMethod): number {
  const h = 1e-5;
  return (lossAt(at(h), s) - lossAt(at(-h), s)) / (2 * h);
}

describe('a PPO step', () => {
  it('has in its second epoch the gradients of the independent loss, in every tensor and in the scalar head', async () => {
    const experiment = experimentWith();
    const { method } = experiment;
    const policy = await open(method);
    const original = Learner.prototype.update;
    const seen: { gradients: Float32Array; valueGradients: Float32Array; point: Point }[] = [];
    const spy = vi.spyOn(Learner.prototype, 'update').mockImplementation(async function (
      this: Learner,
      ...settings
    ) {
      if (!this.scalar) throw new Error('no scalar head');
      seen.push({
        gradients: await this.readGradients(),
        valueGradients: await this.scalar.readGradients(),
        point: {
          parameters: await this.readParameters(),
          head: await this.scalar.readParameters(),
        },
      });
      return original.apply(this, settings);
    });
    const { metrics, samples } = await update(policy, experiment);
    spy.mockRestore();
    expect(seen.length).toBe(2);
    const { gradients, valueGradients, point } = seen[1];
    for (const { name, offset, size } of layout.tensors) {
      const direction = normals(offset + 1, size);
      const at = (step: number): Point => {
        const parameters = Float64Array.from(point.parameters);
        for (let i = 0; i < size; i++) parameters[offset + i] += step * direction[i];
        return { ...point, parameters };
      };
      const own = direction.reduce((sum, d, i) => sum + d * gradients[offset + i], 0);
      const slope = slopeAlong(at, method);
      expect(Math.abs(own - slope), name).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
      expect(Math.abs(slope), name).toBeGreaterThan(1e-4);
    }
    for (let c = 0; c <= WIDTH; c++) {
      const at = (step: number): Point => {
        const moved = Float64Array.from(point.head);
        moved[c] += step;
        return { ...point, head: moved };
      };
      expect(Math.abs(valueGradients[c] - slopeAlong(at, method))).toBeLessThan(1e-4);
    }
    // The row covers both epochs. Some tokens were clipped and others were not.
    const losses = seen.map((one) => lossAt(one.point, method));
    expect(metrics.loss).toBeCloseTo((losses[0] + losses[1]) / 2, 4);
    for (const name of ['policy/clipfrac_avg', 'val/clipfrac_avg'] as const) {
      expect(metrics[name], name).toBeGreaterThan(0);
      expect(metrics[name], name).toBeLessThan(0.5);
    }
    const without = samples.slice(3).map(({ completions: [one] }) => one.advantage);
    expect(without).toEqual([0, 0]);
    policy.destroy();
  });

  it('gives the same bits again, and other bits with another order of minibatches', async () => {
    const step = async (more: Record<string, unknown>, seed = 1) => {
      const experiment = { ...experimentWith(more), seed };
      const policy = await open(experiment.method);
      const { metrics } = await update(policy, experiment);
      const state = await policy.readState();
      policy.destroy();
      return { metrics, state };
    };
    const cut = { num_mini_batches: 3 };
    const first = await step(cut);
    expect(await step(cut)).toEqual(first);
    expect((await step(cut, 2)).state).not.toEqual(first.state);
  });

  it('stops at a value that is not finite', async () => {
    const experiment = experimentWith();
    const policy = await open(experiment.method);
    policy.scalar?.writeState(head.map((x, i) => (i === 2 ? Number.NaN : x)));
    await expect(update(policy, experiment)).rejects.toThrow(NotFinite);
    policy.destroy();
  });
});
