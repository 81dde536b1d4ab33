import { describe, expect, test } from 'vitest';
import { diffExperiments } from '../rl/experiment/change.ts';
import type { FakeLabOptions } from './testing/fake-lab.ts';
import { makeLab, settled } from './testing/made-lab.ts';
import { createBaton } from './window-baton.ts';

describe('two runs side by side', () => {
  async function pair(steps: number, options?: FakeLabOptions) {
    const made = makeLab(options);
    made.lab.open();
    made.lab.choosePreset('rltr-against-rlvr');
    made.lab.run();
    await settled();
    for (let i = 0; i < steps; i += 1) made.worker.tick();
    return made;
  }

  test('the second differs in what the preset says, and in nothing else that was changed since', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('rltr-against-rlvr');
    lab.setSetting('seed', 77);
    lab.run();
    await settled();
    const run = worker.commands.find((command) => command.type === 'run');
    expect(run?.experiment).toEqual(lab.data.draft);
    expect(run?.against?.seed).toBe(77);
    expect(run?.against && diffExperiments(run.experiment, run.against)).toMatchObject([
      { path: 'rewards.2.weight', from: 0.25, to: 0 },
    ]);
  });

  test('each keeps its own rows, hash and samples, and one state', async () => {
    const { lab } = await pair(3);
    expect(lab.data.state).toBe('running');
    expect(lab.data).toMatchObject({ step: 3, beside: { step: 3 } });
    expect(lab.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(lab.beside.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(lab.beside.rows).not.toEqual(lab.rows);
    expect(lab.beside.samples.steps()).toEqual([1, 2, 3]);
    expect(lab.data.beside?.hash).not.toBe(lab.data.hash);
    const { against, metrics, hash } = createBaton(lab);
    expect(against()).toMatchObject({ labels: ['RLTR', 'RLVR'], hash: lab.data.beside?.hash });
    expect(metrics()).toEqual(lab.rows);
    expect(hash()).toBe(lab.data.hash);
    lab.reset();
    expect(lab.data.beside).toBeNull();
    expect(lab.beside.rows).toEqual([]);
    expect(against()).toBeNull();
  });

  test('a live setting goes to both, what tells them apart to the first alone', async () => {
    const { lab, worker } = await pair(1);
    lab.setSetting('method.learning_rate', 1e-4);
    lab.setSetting('rewards.2.weight', 0.25);
    await settled();
    worker.tick();
    const { running, beside } = lab.data;
    expect(running?.method.learning_rate).toBe(1e-4);
    expect(beside?.running.method.learning_rate).toBe(1e-4);
    expect(running?.rewards[2].weight).toBe(0.25);
    expect(beside?.running.rewards[2].weight).toBe(0);
  });

  test('a step takes as long as both of its halves', async () => {
    const { lab } = await pair(8);
    const alone = lab.timings.slice(1).reduce((sum, row) => sum + row.step_time, 0) / 7;
    expect(lab.data.pace?.secondsPerStep).toBeGreaterThan(1.8 * alone);
  });

  test('the failure of one names it and stops both', async () => {
    const { lab } = await pair(4, { againstFailsAt: 3 });
    expect(lab.data.state).toBe('failed');
    expect(lab.data.failure).toMatchObject({ which: 'against', step: 2 });
    expect(lab.data.failure?.report.message).toMatch(/^RLVR: /);
    expect(lab.data.failure?.report.remedy).toMatch(/RLTR has stopped with it/);
  });

  test('another preset, or a weight that makes both equal, runs one', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('rltr-against-rlvr');
    lab.setSetting('rewards.2.weight', 0);
    lab.run();
    lab.restart();
    lab.choosePreset('chain-minute');
    lab.restart();
    await settled();
    const runs = worker.commands.filter((command) => command.type === 'run');
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(run).not.toHaveProperty('against');
  });
});
