/** What a run promises, on a bundled policy: the same bytes, also across a saved state; live settings; a stop at a number that is not finite. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { floats } from '../../gpu/buffers.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import type { PackedBatch } from '../../model/batch.ts';
import { parseModelConfig } from '../../model/config.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import { Learner } from '../../model/learner.ts';
import { type LoadedModel, loadModelFolder } from '../../model/load.ts';
import { parameterLayout } from '../../model/parameters.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { type Experiment, parseExperiment } from '../experiment/schema.ts';
import { constant, exampleOf } from '../learn/example.ts';
import type { Loss } from '../learn/learn.ts';
import { mixed } from '../learn/mixed.ts';
import { methods } from '../methods/index.ts';
import type { LearnerNeed, Needs, Step, StepReport } from '../methods/method.ts';
import type { MetricsRow } from '../records.ts';
import { chainHash } from '../step-metrics.ts';
import { Runner } from './runner.ts';
import { learnerFiles } from './state.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model: LoadedModel = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

function experiment(
  more: Record<string, unknown> = {},
  method: Record<string, unknown> = {},
): Experiment {
  const parsed = parseExperiment({
    seed: 3,
    steps: 4,
    task: { id: 'chain' },
    policy: 'policies/chain-nano',
    method: {
      num_generations: 4,
      prompts_per_step: 4,
      max_completion_length: 32,
      learning_rate: 1e-3,
      ...method,
    },
    rewards: [{ term: 'answer' }, { term: 'format', weight: 0.1 }],
    evaluation: { every: 2, prompts: 4, samples: 2 },
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  return parsed.experiment;
}

const open = (settings: Experiment) =>
  Runner.create(gpu, settings, model, { clock: () => performance.now() });

async function rowsOf(runner: Runner, steps: number): Promise<MetricsRow[]> {
  const rows: MetricsRow[] = [];
  for (let i = 0; i < steps; i++) rows.push((await runner.next()).metrics);
  return rows;
}

async function run(settings: Experiment): Promise<MetricsRow[]> {
  const runner = await open(settings);
  try {
    return await rowsOf(runner, settings.steps);
  } finally {
    runner.destroy();
  }
}

describe('a run', () => {
  it.each([
    ['plain', {}],
    [
      'with a reference, two passes and an entropy bonus',
      { beta: 0.02, num_iterations: 2, entropy_coef: 0.01, loss_type: 'grpo' },
    ],
    [
      'by PPO, with a reference in the reward and a value that shapes the trunk',
      {
        ...{ name: 'ppo', num_ppo_epochs: 2, num_mini_batches: 2, kl_coef: 0.05 },
        ...{ value_detach: false, whiten_rewards: true },
      },
    ],
    ['with top-k, top-p and min-p', { top_k: 20, top_p: 0.95, min_p: 0.01, temperature: 0.9 }],
    ['in half precision', { fp16: true }],
    ['by PPO in half precision', { name: 'ppo', num_ppo_epochs: 1, fp16: true }],
  ])(
    'gives the same rows twice, learns something and samples what it scores (%s)',
    async (_, method) => {
      const first = await run(experiment({}, method));
      expect(await run(experiment({}, method))).toEqual(first);
      // Sampler and trainer add in different orders, which in half precision can give neighbouring halves.
      const near = 'fp16' in method ? 0.05 : 1e-4;
      for (const row of first) {
        expect(row['sampling/sampling_logp_difference/max']).toBeLessThan(near);
        expect(row.entropy).toBeGreaterThan(0);
      }
      expect(Math.max(...first.map((row) => Number(row.grad_norm)))).toBeGreaterThan(1e-4);
      expect(first.map((row) => 'eval/accuracy' in row)).toEqual([false, true, false, true]);
      // The second pass of each step is scored after an update, so the policy has left the reference.
      if ('beta' in method || 'kl_coef' in method)
        for (const row of first) expect(row.kl).toBeGreaterThan(0);
    },
  );

  it.each([
    ['by GRPO', { beta: 0.02 }],
    ['by PPO', { name: 'ppo', beta: 0.02, num_ppo_epochs: 1, num_mini_batches: 1 }],
    ['in half precision', { beta: 0.02, fp16: true }],
  ])('continues from a saved state with the same rows (%s)', async (_, method) => {
    const settings = experiment({}, method);
    const whole = await run(settings);
    // With one pass, the first step is scored before the policy has left the reference.
    expect(whole[0].kl).toBe(0);
    expect(whole[1].kl).toBeGreaterThan(0);
    const first = await open(settings);
    const rows = await rowsOf(first, 2);
    const state = await first.state();
    first.destroy();
    const second = await open(settings);
    second.restore(state);
    expect([...rows, ...(await rowsOf(second, 2))]).toEqual(whole);
    second.destroy();
  });

  it('is not disturbed by evaluation, and another seed gives another run', async () => {
    const withoutEvaluation = await run(
      experiment({ evaluation: { every: 0, prompts: 4, samples: 2 } }),
    );
    const bare = (await run(experiment())).map((row) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('eval/'))),
    );
    expect(bare).toEqual(withoutEvaluation);
    expect(await run(experiment({ seed: 4 }))).not.toEqual(await run(experiment()));
  });

  it('takes a live setting at the next step, and refuses one that is not live', async () => {
    const runner = await open(experiment());
    const before = (await runner.next()).metrics;
    runner.set('method.learning_rate', 2e-4);
    const after = (await runner.next()).metrics;
    expect([before.learning_rate, after.learning_rate]).toEqual([1e-3, 2e-4]);
    expect(() => runner.set('method.num_generations', 8)).toThrow();
    expect(() => runner.set('method.learning_rate', -1)).toThrow(/learning_rate/);
    runner.destroy();
  });

  const objectives = [
    ['GRPO', {}],
    ['PPO', { name: 'ppo', num_ppo_epochs: 1 }],
    ['half precision', { fp16: true }],
  ] as const;

  /** The error at the end, by what was not finite and by whether half precision may be the cause. */
  const ended = (what: string, step: number, method: object) => ({
    kind: 'NonFinite',
    message: `${what} stopped being a number at step ${step}`,
    remedy: expect.stringMatching('fp16' in method ? /without half precision/ : /rate/),
  });

  it.each(objectives)(
    'stops at a loss that is not finite, and keeps the last good state (%s)',
    async (_, method) => {
      const runner = await open(experiment({}, method));
      await runner.next();
      await runner.next();
      const bad = ({ targetCount }: PackedBatch) => ({
        logprobs: new Float32Array(targetCount).fill(Number.NaN),
        entropies: new Float32Array(targetCount),
        values: new Float32Array(targetCount),
      });
      // PPO scores its answers before it trains.
      const score = vi
        .spyOn(Learner.prototype, 'score')
        .mockImplementationOnce(async (batch) => bad(batch));
      const accumulate = vi
        .spyOn(Learner.prototype, 'accumulate')
        .mockImplementationOnce(async (batch, coefficientsOf) => {
          coefficientsOf(bad(batch));
        });
      await expect(runner.next()).rejects.toMatchObject(ended('The loss', 3, method));
      score.mockRestore();
      accumulate.mockRestore();
      expect(runner.step).toBe(1);
      expect((await runner.next()).metrics.step).toBe(2);
      runner.destroy();
    },
  );

  it.each(objectives)(
    'stops where there is no distribution to sample from, in an evaluation or in a step, and keeps the last good state (%s)',
    async (_, method) => {
      for (const every of [2, 0]) {
        const runner = await open(
          experiment({ evaluation: { every, prompts: 4, samples: 2 } }, method),
        );
        await runner.next();
        const good = await runner.state();
        const original = Learner.prototype.update;
        const broken = vi.spyOn(Learner.prototype, 'update').mockImplementationOnce(async function (
          this: Learner,
          settings,
        ) {
          const result = await original.call(this, settings);
          gpu.write(floats(this.parameters, 100, 1), new Float32Array([Number.NaN]));
          return result;
        });
        if (every === 0) await runner.next();
        await expect(runner.next()).rejects.toMatchObject(
          ended('What the policy draws from', every === 0 ? 3 : 2, method),
        );
        broken.mockRestore();
        expect(runner.whole).toBe(false);
        expect(runner.step).toBe(1);
        expect(await runner.state()).toEqual(good);
        const again = await runner.next();
        expect(again.metrics.step).toBe(2);
        runner.destroy();
      }
    },
  );

  it('refuses answers that are too long for the policy’s positions', async () => {
    await expect(open(experiment({}, { max_completion_length: 500 }))).rejects.toMatchObject({
      kind: 'BadConfig',
      field: 'method.max_completion_length',
    });
  });
});

/** Sizes of their own: one says how good an answer is, the other writes and is never trained. */
const small = (hidden_size: number) =>
  parseModelConfig({
    ...{ model_type: 'llama', vocab_size: 64, hidden_size, num_hidden_layers: 1 },
    ...{ num_attention_heads: 2, intermediate_size: 24, max_position_embeddings: 128 },
  });
const needs: Needs = {
  policy: {},
  learners: {
    judge: {
      ...{ from: { model: small(16), seed: 5 }, tokenHead: false },
      scalar: { rows: 'at', trunk: 'shared' },
    },
    guest: { from: { model: small(8), seed: 6 }, frozen: true, writes: true },
  },
  roles: { guest: { prompt: ({ question, count }) => question + count('again: '), budget: 40 } },
};

const otherTokens = {
  ...{ vocabSize: model.tokenizer?.vocabSize, eosId: model.tokenizer?.eosId },
  tokenText: (id: number) => `<${id}>`,
} as Tokenizer;

/** A toy method: policy and guest write, the judge learns who wrote, and the policy learns from both in one update. */
async function toy(step: Step): Promise<StepReport> {
  const own = await step.sample(2);
  const asked = own.slice(0, 3).map(({ question }) => ({
    ...{ question, prompt: `again: ${question.prompt}` },
  }));
  const request = { role: 'guest', asked, copies: 2, stream: 'guest' };
  const others = await step.write({ ...request, learner: 'guest' });
  const examplesOf = (all: typeof own, wanted: number) =>
    all.map((completion) =>
      exampleOf(completion, { wanted: constant(wanted, completion.completionIds.length) }),
    );
  const everybody = [...examplesOf(own, 1), ...examplesOf(others, 0)];
  let squares = 0;
  const judged: Loss = (update) => (part) => {
    const wanted = part.column('wanted') ?? new Float64Array();
    const tokens = update.reduce((sum, { completion }) => sum + completion.length, 0);
    const off = wanted.map((w, t) => (part.values?.[t] ?? Number.NaN) - w);
    const loss = off.reduce((sum, x) => sum + x * x, 0) / tokens;
    squares += loss;
    return { loss, valueCoefficients: off.map((x) => (2 * x) / tokens) };
  };
  await step.learn(everybody, judged, { passes: 2, scalarRate: 0.01 }, 'judge');
  const { values = [] } = await step.score(everybody, 'judge');
  const likelier: Loss = (update) => (part) => ({
    loss: -part.logp.length / update.length,
    coefficients: Array.from(part.logp, () => -1 / (32 * update.length)),
  });
  const both = mixed([
    { examples: examplesOf(own, 1), loss: likelier, weight: 1 / 9 },
    { examples: examplesOf(others, 0), loss: likelier, weight: 8 / 9 },
  ]);
  const { updates } = await step.learn(both.examples, both.loss, {});
  return {
    metrics: {
      ...{ squares, value: values[0][0], grad_norm: updates[0].gradNorm },
      guest: others.reduce((sum, { completionIds }) => sum + completionIds[0], 0),
    },
    ...{ samples: [], tokens: 1 },
  };
}

describe('a run with further learners of their own size', () => {
  beforeEach(() => {
    vi.spyOn(methods.grpo, 'needs').mockReturnValue(needs);
    vi.spyOn(methods.grpo, 'step').mockImplementation(toy);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  const settings = experiment({ evaluation: { every: 0 } });

  it('trains them, and continues from a saved state with the same rows', async () => {
    const first = await open(settings);
    await first.prepare();
    const rows = await rowsOf(first, 2);
    const state = await first.state();
    rows.push(...(await rowsOf(first, 2)));
    first.destroy();
    expect(rows[3].squares).toBeLessThan(Number(rows[0].squares));
    expect(new Set(rows.map(({ guest }) => guest)).size).toBeGreaterThan(1);

    const expected = await learnerFiles(needs, model);
    const floats = [...state.files].flatMap(([name, data]) =>
      data instanceof Float32Array ? [[name, data.length] as const] : [],
    );
    expect(new Map(floats)).toEqual(expected);
    expect([...expected.keys()].filter((name) => name.startsWith('guest'))).toEqual([]);
    expect(expected.get('judge.parameters')).not.toBe(expected.get('parameters'));
    const counts = ['updates', 'judge.updates'].map((name) =>
      new TextDecoder().decode(state.files.get(name) as Uint8Array),
    );
    expect(counts).toEqual(['2', '4']);

    const second = await open(settings);
    await second.restore(state);
    expect(await rowsOf(second, 2)).toEqual(rows.slice(2));
    second.destroy();
  });

  it('names the one that failed, and goes back with all of them', async () => {
    const runner = await open(settings);
    await runner.next();
    const good = await runner.state();
    await runner.next();
    const original = Learner.prototype.accumulate;
    const broken = vi.spyOn(Learner.prototype, 'accumulate').mockImplementation(async function (
      this: Learner,
      batch,
      coefficientsOf,
    ) {
      if (this.layout.config.hidden_size !== 16) return original.call(this, batch, coefficientsOf);
      const bad = new Float32Array(batch.targetCount).fill(Number.NaN);
      coefficientsOf({ logprobs: bad, entropies: bad, values: bad });
    });
    await expect(runner.next()).rejects.toMatchObject({
      ...{ kind: 'NonFinite', field: 'method.learning_rate' },
      message: 'The loss of the judge stopped being a number at step 3',
    });
    broken.mockRestore();
    expect(runner.step).toBe(1);
    expect(await runner.state()).toEqual(good);
    runner.destroy();
  });

  it('takes a model from a folder, with its scalar head, and refuses one that does not fit', async () => {
    const sized = parameterLayout(small(16), undefined, false);
    const folder: LoadedModel = {
      ...{ ...model, config: small(16), layout: sized, parameters: initialiseParameters(sized, 9) },
      scalar: { head: new Float32Array(20).fill(0.5), bias: true },
    };
    const asked: string[] = [];
    const openWith = (judge: Partial<LearnerNeed>, found: LoadedModel | null = folder) => {
      const from = { folder: 'rewards/chain', setting: 'method.reward_model' };
      const learners = {
        ...needs.learners,
        judge: { ...needs.learners?.judge, from, ...judge },
      };
      vi.spyOn(methods.grpo, 'needs').mockReturnValue({ ...needs, learners });
      const models = async (id: string) => {
        asked.push(id);
        if (!found) throw new Error('unused');
        return found;
      };
      return Runner.create(gpu, settings, model, { clock: () => 0, ...(found && { models }) });
    };
    const runner = await openWith({});
    expect(asked).toEqual(['rewards/chain']);
    expect(runner.learnerHashes).toEqual({ judge: folder.hash });
    const { files } = await runner.state();
    expect(files.get('judge.parameters')).toEqual(folder.parameters);
    expect((files.get('judge.value') as Float32Array).slice(0, 17)).toEqual(
      new Float32Array(17).fill(0.5),
    );
    expect((await runner.next()).metrics.step).toBe(1);
    runner.destroy();
    for (const [need, found, what] of [
      [{}, null, /^The model rewards\/chain cannot be opened/],
      [{ tokenHead: true }, folder, /^The judge predicts no tokens/],
      [{ frozen: true }, { ...folder, scalar: null }, /^The judge has no scalar head/],
      [{}, { ...folder, tokenizer: otherTokens }, /^The judge reads other tokens/],
    ] as const)
      await expect(openWith(need, found)).rejects.toMatchObject({
        ...{ kind: 'BadConfig', field: 'method.reward_model' },
        message: expect.stringMatching(what),
      });
  });

  it('is refused where such a model cannot read the run’s tokens', async () => {
    const few = { ...small(16), vocab_size: 32 };
    const short = { ...small(16), max_position_embeddings: 40 };
    for (const [from, what] of [
      [few, /^The judge reads 32 different tokens/],
      [short, /^The judge reads 40 positions/],
    ] as const) {
      const judge = { ...needs.learners?.judge, from: { model: from, seed: 1 } };
      vi.spyOn(methods.grpo, 'needs').mockReturnValue({ policy: {}, learners: { judge } });
      await expect(open(settings)).rejects.toMatchObject({
        ...{ kind: 'BadConfig', message: expect.stringMatching(what) },
      });
    }
  });
});

it('the chained hash depends on every row and on their order', async () => {
  const a: MetricsRow = { step: 1, reward: 0.5 };
  const b: MetricsRow = { step: 2, reward: 0.25 };
  const forwards = await chainHash(await chainHash('', a), b);
  expect(forwards).toMatch(/^[0-9a-f]{64}$/);
  expect(await chainHash(await chainHash('', b), a)).not.toBe(forwards);
  expect(await chainHash(await chainHash('', a), { ...b, reward: 0.26 })).not.toBe(forwards);
});
