import { describe, expect, test } from 'vitest';
import { diffExperiments } from '../rl/experiment/change.ts';
import { presentRuns } from './store/runs.ts';
import type { FakeLabOptions } from './testing/fake-lab.ts';
import { makeLab, settled } from './testing/made-lab.ts';
import { createBaton } from './window-baton.ts';

describe('two runs side by side', () => {
  async function pair(steps: number, options?: FakeLabOptions) {
    const made = makeLab(options);
    made.lab.open();
    made.lab.choosePreset('private-better');
    made.lab.run();
    await settled();
    for (let i = 0; i < steps; i += 1) made.worker.tick();
    return made;
  }

  test('the second differs in what the preset says, and in nothing else that was changed since', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('private-better');
    lab.setSetting('seed', 77);
    lab.run();
    await settled();
    const run = worker.commands.find((command) => command.type === 'run');
    const [first, second] = run?.runs ?? [];
    expect(first.experiment).toEqual(lab.data.draft);
    expect(second.experiment.seed).toBe(77);
    expect(diffExperiments(first.experiment, second.experiment)).toMatchObject([
      { path: 'rewards.1.weight', from: 0.5, to: 0 },
    ]);
  });

  test('each keeps its own rows, hash and samples, and one state', async () => {
    const { lab } = await pair(3);
    expect(lab.data.state).toBe('running');
    const [first, second] = presentRuns(lab.data);
    expect([first.step, second.step]).toEqual([3, 3]);
    expect(lab.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(second.record.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(second.record.rows).not.toEqual(lab.rows);
    expect(second.record.samples.steps()).toEqual([1, 2, 3]);
    expect(second.hash).not.toBe(first.hash);
    const { against, metrics, hash } = createBaton(lab);
    expect(against()).toMatchObject({ labels: ['RLTR', 'RLVR'], hash: second.hash });
    expect(metrics()).toEqual(lab.rows);
    expect(hash()).toBe(first.hash);
    lab.reset();
    expect(presentRuns(lab.data)).toEqual([]);
    expect(lab.rows).toEqual([]);
    expect(against()).toBeNull();
  });

  test('a live setting goes to both, what tells them apart to the first alone', async () => {
    const { lab, worker } = await pair(1);
    lab.setSetting('method.learning_rate', 1e-4);
    lab.setSetting('rewards.1.weight', 0.25);
    await settled();
    worker.tick();
    const [first, second] = presentRuns(lab.data).map(({ experiment }) => experiment);
    expect(first.method.learning_rate).toBe(1e-4);
    expect(second.method.learning_rate).toBe(1e-4);
    expect(first.rewards[1].weight).toBe(0.25);
    expect(second.rewards[1].weight).toBe(0);
  });

  test('a step takes as long as both of its halves', async () => {
    const { lab } = await pair(8);
    const alone = lab.record.timings.slice(1).reduce((sum, row) => sum + row.step_time, 0) / 7;
    expect(lab.data.pace?.secondsPerStep).toBeGreaterThan(1.8 * alone);
  });

  test('the failure of one names it and stops both', async () => {
    const { lab } = await pair(4, { secondFailsAt: 3 });
    expect(lab.data.state).toBe('failed');
    expect(lab.data.failure).toMatchObject({ runId: presentRuns(lab.data)[1].id, step: 2 });
    expect(lab.data.failure?.report.message).toMatch(/^RLVR: /);
    expect(lab.data.failure?.report.remedy).toMatch(/RLTR has stopped with it/);
  });

  test('another preset, or a weight that makes both equal, runs one', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('private-better');
    lab.setSetting('rewards.1.weight', 0);
    lab.run();
    lab.restart();
    lab.choosePreset('chain-minute');
    lab.restart();
    await settled();
    const runs = worker.commands.filter((command) => command.type === 'run');
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(run.runs).toHaveLength(1);
  });
});
