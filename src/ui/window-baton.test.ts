import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { lead } from './store/runs.ts';
import { FakeLab, type FakeLabOptions } from './testing/fake-lab.ts';
import { createBaton } from './window-baton.ts';

let open: Lab | undefined;
afterEach(() => open?.close());

function makeBaton(options: FakeLabOptions = { stepMs: 1 }) {
  const worker = new FakeLab(options);
  const lab = new Lab({ spawn: () => worker });
  open = lab;
  lab.open();
  return { lab, worker, baton: createBaton(lab) };
}

const experiment = { seed: 7, steps: 6, task: { id: 'chain' }, policy: 'policies/chain-nano' };

describe('window.baton', () => {
  test('run resolves when the run has finished, with every row recorded', async () => {
    const { baton } = makeBaton();
    await expect(baton.run(experiment)).resolves.toBe('finished');
    expect(baton.metrics().map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(baton.experiment.seed).toBe(7);
    expect(baton.hash()).toMatch(/^[0-9a-f]+$/);
  });

  test('the same experiment twice gives the same hash', async () => {
    const { baton } = makeBaton();
    await baton.run(experiment);
    const first = baton.hash();
    await baton.run(experiment);
    expect(baton.hash()).toBe(first);
    await baton.run({ ...experiment, seed: 8 });
    expect(baton.hash()).not.toBe(first);
  });

  test('the changed kernels that the trainer uses can be read, and not changed by what is read', async () => {
    const { baton, lab } = makeBaton();
    expect(baton.changedKernels()).toEqual([]);
    const named = { file: 'rope/rope.wgsl', kernels: ['rope'], text: 'b', sha256: 'aa' };
    lab.changeKernel({ ...named, original: 'a', forms: [''] });
    await lab.until(({ kernels }) => kernels.used.length > 0);
    const read = baton.changedKernels();
    expect(read).toEqual([named]);
    (read[0].kernels as string[]).push('none');
    expect(baton.changedKernels()).toEqual([named]);
  });

  test('an experiment that is not allowed rejects with its field and changes nothing', async () => {
    const { baton, lab } = makeBaton();
    await lab.until(({ adapter }) => adapter !== null);
    const before = lab.data.draft;
    await expect(baton.run({ method: { epsilon: 9 } })).rejects.toMatchObject({
      kind: 'BadConfig',
      field: 'method.epsilon',
    });
    await expect(baton.run({ sped: 1 })).rejects.toMatchObject({ kind: 'BadConfig' });
    expect(lab.data.draft).toBe(before);
    expect(baton.state).toBe('idle');
  });

  test('step does exactly one step and gives its row, from idle, from running and from paused', async () => {
    const { baton } = makeBaton();
    expect((await baton.step()).step).toBe(1);
    expect((await baton.step()).step).toBe(2);
    void baton.run();
    const row = await baton.step();
    expect(baton.state).toBe('paused');
    expect(baton.metrics().at(-1)).toEqual(row);
  });

  test('pause resolves once it has halted, and run goes on from there', async () => {
    const { baton } = makeBaton();
    const ended = baton.run(experiment);
    await expect(baton.pause()).resolves.toBe('paused');
    void baton.run();
    await expect(ended).resolves.toBe('finished');
    expect(baton.metrics()).toHaveLength(6);
  });

  test('run resolves with failed where the run fails', async () => {
    const { baton } = makeBaton({ stepMs: 1, failAt: 3 });
    await expect(baton.run(experiment)).resolves.toBe('failed');
    expect(baton.metrics()).toHaveLength(2);
  });

  test('what it hands out is a frozen copy: changing it changes no run', async () => {
    const { baton, lab } = makeBaton();
    await lab.until(({ adapter }) => adapter !== null);
    const before = structuredClone(lab.data.draft);
    expect(() => {
      (baton.experiment.method as { learning_rate: number }).learning_rate = 1e6;
    }).toThrow(TypeError);
    expect(() => {
      (baton.experiment as { seed: number }).seed = -5;
    }).toThrow(TypeError);
    expect(lab.data.draft).toEqual(before);
    await baton.run();
    expect(lead(lab.data)?.experiment).toEqual(before);
  });

  test('an experiment whose parts cannot be read rejects as one that is not allowed', async () => {
    const { baton, lab } = makeBaton();
    await lab.until(({ adapter }) => adapter !== null);
    const throwing = {
      get seed(): number {
        throw new Error('no');
      },
    };
    const odd = [throwing, { seed: () => 1 }, { ...experiment, seed: Symbol('a') }];
    for (const value of odd) {
      await expect(baton.run(value)).rejects.toMatchObject({ kind: 'BadConfig' });
    }
    await expect(
      baton.run(
        new Proxy(
          {},
          {
            ownKeys: () => {
              throw null;
            },
          },
        ),
      ),
    ).rejects.toMatchObject({
      kind: 'BadConfig',
    });
    expect(baton.state).toBe('idle');
  });

  test('what metrics gives can be changed without changing the record', async () => {
    const { baton } = makeBaton();
    await baton.step();
    const rows = baton.metrics();
    (rows[0] as Record<string, unknown>).reward = 99;
    expect(baton.metrics()[0].reward).not.toBe(99);
  });
});
