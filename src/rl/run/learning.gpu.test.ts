/**
 * Training trains: the reward rises within a few steps, and falls where the sign of every coefficient is flipped. A term that learned
 * in a step that then failed does not learn twice.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { BatonError } from '../../errors.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { Learner } from '../../model/learner.ts';
import { type LoadedModel, loadModelFolder } from '../../model/load.ts';
import { withTurnedGradient } from '../../model/testing/turned-gradient.ts';
import { type Experiment, parseExperiment } from '../experiment/schema.ts';
import { rewards } from '../rewards/index.ts';
import type { RewardTerm } from '../rewards/reward.ts';
import { Runner } from './runner.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model: LoadedModel = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

function experiment(
  steps: number,
  method: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Experiment {
  const parsed = parseExperiment({
    ...{ seed: 5, steps, task: { id: 'chain' }, policy: 'policies/chain-nano' },
    method: { prompts_per_step: 8, max_completion_length: 24, learning_rate: 1e-3, ...method },
    rewards: [{ term: 'answer' }],
    evaluation: { every: 0 },
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
  return parsed.experiment;
}

const open = (settings: Experiment) => Runner.create(gpu, settings, model, { clock: () => 0 });

/** Mean reward of the last third of a run less that of the first. */
async function gain(settings: Experiment): Promise<number> {
  const runner = await open(settings);
  const rewards: number[] = [];
  for (let i = 0; i < settings.steps; i++)
    rewards.push(Number((await runner.next()).metrics.reward));
  runner.destroy();
  const third = Math.floor(rewards.length / 3);
  const mean = (some: readonly number[]) => some.reduce((a, b) => a + b) / some.length;
  return mean(rewards.slice(-third)) - mean(rewards.slice(0, third));
}

describe('training', () => {
  it.each([
    ['GRPO', { loss_type: 'dr_grpo' }],
    ['PPO', { name: 'ppo', num_ppo_epochs: 1, learning_rate: 3e-4 }],
    ['VinePPO', { name: 'vineppo', num_ppo_epochs: 1, num_mc_samples: 2 }],
  ])('raises the reward with %s, and lowers it with the sign flipped', async (_, method) => {
    const settings = experiment(15, method);
    expect(await gain(settings)).toBeGreaterThan(0.05);
    expect(await withTurnedGradient(() => gain(settings))).toBeLessThan(-0.05);
  });

  it('makes the expert’s answer more likely after the policy’s reasoning with RL-Logit', async () => {
    const settings = experiment(15, { loss_type: 'dr_grpo' }, { rewards: [{ term: 'rl_logit' }] });
    expect(await gain(settings)).toBeGreaterThan(0.05);
  });

  it('learns what the frozen policy wrote with the answer in sight, the same twice, with rationalization', async () => {
    const once = async () => {
      const method = { name: 'rationalization', prompts_per_step: 4 };
      const runner = await open(experiment(3, method));
      const metrics = await rows(runner, 3);
      const files = [...(await runner.state()).files.keys()];
      runner.destroy();
      return { metrics, files };
    };
    const { metrics, files } = await once();
    expect(files.filter((file) => file.startsWith('start'))).toEqual([]);
    const kept = metrics.map((row) => Number(row['rationales/kept']));
    expect(Math.max(...kept)).toBeGreaterThan(0);
    for (const [i, { loss }] of metrics.entries()) expect(Number(loss) > 0).toBe(kept[i] > 0);
    expect((await once()).metrics).toEqual(metrics);
  });

  it('makes what an expert wrote more likely with SFT', async () => {
    // Longer sums than the policy has seen.
    const sums = { task: { id: 'chain', min_terms: 5, max_terms: 6 } };
    const method = { name: 'sft', max_completion_length: 64, learning_rate: 3e-4 };
    const runner = await open(experiment(20, method, sums));
    const losses: number[] = [];
    for (let i = 0; i < 20; i++) losses.push(Number((await runner.next()).metrics.loss));
    runner.destroy();
    const mean = (some: readonly number[]) => some.reduce((a, b) => a + b) / some.length;
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)));
  });
});

describe('iterative DPO', () => {
  const method = { name: 'dpo', rounds: 2, learning_rate: 3e-4 };

  it('widens the lead of the expert’s answers within a round, and begins the next without one', async () => {
    const runner = await open(experiment(12, method));
    const metrics = await rows(runner, 12);
    runner.destroy();
    const margins = metrics.map((row) => Number(row['rewards/margins']));
    for (const first of [0, 6]) {
      expect(margins[first]).toBeCloseTo(0, 5);
      expect(metrics[first].loss).toBeCloseTo(Math.LN2, 5);
      expect(margins[first + 5]).toBeGreaterThan(0.05);
    }
  });

  it('goes on from a saved state with the same bits, the policy that began the round among them', async () => {
    const settings = experiment(4, { ...method, prompts_per_step: 2 });
    const runner = await open(settings);
    const calm = await rows(runner, 3);
    const state = await runner.state();
    expect(state.files.has('began.parameters')).toBe(true);
    calm.push(...(await rows(runner, 1)));
    runner.destroy();
    const other = await open(settings);
    await other.restore(state);
    expect(await rows(other, 1)).toEqual(calm.slice(3));
    other.destroy();
  });
});

/** A term that learns: its reward is how often it has learned, a count that it can save. */
class Counting implements RewardTerm {
  learned = 0;
  failsAt = -1;

  async update() {
    this.learned += 1;
    return { learned: this.learned };
  }

  async score(batch: readonly unknown[]) {
    if (this.learned === this.failsAt) {
      this.failsAt = -1;
      const words = { message: 'made to fail', remedy: '' };
      throw new BatonError({ kind: 'BadFile', ...words });
    }
    return { values: batch.map((_, i) => this.learned + (i % 3)), used: batch.map(() => ({})) };
  }

  async save() {
    return new Map([['count', Uint8Array.of(this.learned)]]);
  }

  async restore(files: ReadonlyMap<string, Uint8Array>) {
    this.learned = files.get('count')?.[0] ?? 0;
  }
}

async function withTerm<T>(term: Counting, work: (runner: Runner) => Promise<T>): Promise<T> {
  const created = vi.spyOn(rewards.answer, 'create').mockReturnValue(term);
  const runner = await open(experiment(4));
  created.mockRestore();
  try {
    return await work(runner);
  } finally {
    runner.destroy();
  }
}

async function rows(runner: Runner, count: number) {
  const all = [];
  for (let i = 0; i < count; i++) all.push((await runner.next()).metrics);
  return all;
}

describe('a term that learns', () => {
  it('learns once per step, with the same bits also where a step failed and was repeated', async () => {
    const calm = await withTerm(new Counting(), async (runner) => {
      const metrics = await rows(runner, 4);
      return { metrics, state: await runner.state() };
    });
    const term = new Counting();
    term.failsAt = 3;
    const retried = await withTerm(term, async (runner) => {
      const first = await rows(runner, 2);
      await expect(runner.next()).rejects.toThrow('made to fail');
      expect([runner.whole, runner.step, term.learned]).toEqual([true, 2, 2]);
      const rest = await rows(runner, 2);
      return { metrics: [...first, ...rest], state: await runner.state() };
    });
    expect(retried).toEqual(calm);
    expect(calm.metrics.map((row) => row['rewards/answer/learned'])).toEqual([1, 2, 3, 4]);
    expect(calm.state.files.get('answer.count')).toEqual(Uint8Array.of(4));
  });

  it('goes back with the policy after a number that is not finite, and continues from a saved state', async () => {
    const saved = await withTerm(new Counting(), async (runner) => {
      await rows(runner, 2);
      return runner.state();
    });
    const term = new Counting();
    await withTerm(term, async (runner) => {
      await runner.restore(saved);
      expect(term.learned).toBe(2);
      await rows(runner, 1);
      const broken = vi
        .spyOn(Learner.prototype, 'accumulate')
        .mockImplementationOnce(async ({ targetCount }, coefficientsOf) => {
          const bad = new Float32Array(targetCount).fill(Number.NaN);
          coefficientsOf({ logprobs: bad, entropies: bad });
        });
      await expect(runner.next()).rejects.toMatchObject({ kind: 'NonFinite' });
      broken.mockRestore();
      // The last good state is that at the start of the third step.
      expect([runner.step, term.learned]).toEqual([2, 2]);
    });
  });
});
