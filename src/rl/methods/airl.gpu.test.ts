/** AIRL on a bundled policy: the discriminator learns, the policy follows, and a saved run goes on with the same bits. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { BatonError } from '../../errors.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { Learner } from '../../model/learner.ts';
import { loadModelFolder } from '../../model/load.ts';
import { withTurnedGradient } from '../../model/testing/turned-gradient.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { Runner } from '../run/runner.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);

async function open(method: object = {}, steps = 4) {
  const parsed = parseExperiment({
    ...{ seed: 5, steps, task: { id: 'chain' }, policy: 'policies/chain-nano' },
    method: {
      ...{ name: 'airl', prompts_per_step: 2, num_generations: 4, max_completion_length: 24 },
      ...{ reward_warmup_steps: 1, replay_share: 0.5, perturbed_share: 0.5, ...method },
    },
    evaluation: { every: 0 },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return Runner.create(gpu, parsed.experiment, model, { clock: () => 0 });
}

async function rows(runner: Runner, count: number) {
  const all = [];
  for (let i = 0; i < count; i++) all.push((await runner.next()).metrics);
  return all;
}

const file = async (runner: Runner, name: string) => (await runner.state()).files.get(name);

describe('AIRL', () => {
  it('goes on from a saved state with the same bits, the discriminator’s among them', async () => {
    const runner = await open();
    const calm = await rows(runner, 2);
    const saved = await runner.state();
    for (const name of ['parameters', 'm', 'v', 'value', 'updates'])
      expect(saved.files.has(`discriminator.${name}`), name).toBe(true);
    calm.push(...(await rows(runner, 1)));
    const after = await runner.state();
    runner.destroy();
    const other = await open();
    await other.restore(saved);
    expect(await rows(other, 1)).toEqual(calm.slice(2));
    expect(await other.state()).toEqual(after);
    other.destroy();
    for (const [name, value] of calm.flatMap((row) => Object.entries(row)))
      if (typeof value === 'number') expect(Number.isFinite(value), name).toBe(true);
    expect(calm[2]['discriminator/replay_age']).toBeGreaterThan(0);
  });

  it('repeats a step that failed once the discriminator had learned, with the same bits', async () => {
    const calm = await open();
    const expected = await rows(calm, 3);
    const state = await calm.state();
    calm.destroy();
    const runner = await open();
    const retried = await rows(runner, 2);
    const before = await runner.state();
    const score = vi.spyOn(Learner.prototype, 'score').mockImplementationOnce(async () => {
      throw new BatonError({ kind: 'Cancelled', message: 'made to fail', remedy: '' });
    });
    await expect(runner.next()).rejects.toThrow('made to fail');
    score.mockRestore();
    expect([runner.whole, runner.step]).toEqual([true, 2]);
    expect(await runner.state()).toEqual(before);
    retried.push(...(await rows(runner, 1)));
    expect(retried).toEqual(expected);
    expect(await runner.state()).toEqual(state);
    runner.destroy();
  });

  it('moves the discriminator alone in its own steps, and then both', async () => {
    const runner = await open();
    await rows(runner, 1);
    expect(await file(runner, 'parameters')).toEqual(model.parameters);
    expect(await file(runner, 'discriminator.parameters')).not.toEqual(model.parameters);
    await rows(runner, 1);
    expect(await file(runner, 'parameters')).not.toEqual(model.parameters);
    runner.destroy();
  });

  it('moves the head alone where the trunk is frozen', async () => {
    const runner = await open({ reward_trunk: 'frozen' });
    await rows(runner, 2);
    expect(await file(runner, 'discriminator.parameters')).toEqual(model.parameters);
    const head = (await file(runner, 'discriminator.value')) ?? [];
    expect(Array.from(head).some((x) => x !== 0)).toBe(true);
    runner.destroy();
  });

  it('can be a small model of its own, which is saved, learns and leaves the policy’s weights out', async () => {
    const runner = await open({ reward_trunk: 'own' });
    const [first] = await rows(runner, 1);
    expect(first['discriminator/loss']).toBeCloseTo(Math.LN2, 6);
    const before = await file(runner, 'discriminator.parameters');
    await rows(runner, 1);
    expect(await file(runner, 'discriminator.parameters')).not.toEqual(before);
    const [{ layout, parameters }] = await runner.rewardModels();
    expect(layout.config.hidden_size).toBe(32);
    expect(parameters).not.toHaveLength(model.parameters.length);
    runner.destroy();
  });

  it('tells a policy that writes at random from the expert within a few updates', async () => {
    const runner = await open({
      ...{ temperature: 5, reward_warmup_steps: 3, reward_updates: 6 },
      ...{ perturbed_share: 0, replay_share: 0 },
    });
    const [first, , last] = await rows(runner, 3);
    runner.destroy();
    expect(first['discriminator/accuracy']).toBe(0.5);
    expect(last['discriminator/accuracy']).toBeGreaterThan(0.9);
    expect(Number(last['discriminator/loss'])).toBeLessThan(Number(first['discriminator/loss']));
    expect(Number(last['discriminator/gap'])).toBeGreaterThan(0);
  });

  it('raises a frozen reward above what training with the sign turned makes of it', async () => {
    const steps = 16;
    const paidAtTheEnd = async () => {
      const runner = await open(
        {
          ...{ reward_warmup_steps: 4, reward_updates: 6, freeze_reward: true },
          ...{ prompts_per_step: 4, num_generations: 8, learning_rate: 1e-3, temperature: 2 },
          ...{ perturbed_share: 0, replay_share: 0 },
        },
        steps,
      );
      const paid = (await rows(runner, steps)).map((row) => Number(row['rewards/learned/mean']));
      runner.destroy();
      return paid.slice(-4).reduce((a, b) => a + b) / 4;
    };
    const trained = await paidAtTheEnd();
    // The discriminator has no log-probs, so it learns the same in both runs.
    const spoiled = await withTurnedGradient(paidAtTheEnd);
    expect(trained).toBeGreaterThan(spoiled + 0.05);
  });
});
