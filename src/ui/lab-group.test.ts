/** Any number of runs side by side, as a script starts them. */
import { describe, expect, test } from 'vitest';
import { chartRuns } from './components/chart-runs.ts';
import { MOST_RUNS, planOf } from './plan.ts';
import { earlierRuns, presentRuns } from './store/runs.ts';
import { makeLab, settled } from './testing/made-lab.ts';
import { createBaton } from './window-baton.ts';

const chain = { steps: 6, task: { id: 'chain' }, policy: 'policies/chain-nano' };
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => ({ ...chain, seed }));

async function group(experiments: readonly unknown[]) {
  const made = makeLab();
  const baton = createBaton(made.lab);
  made.lab.open();
  const ended = baton.runGroup(experiments);
  await settled();
  return { ...made, baton, ended };
}

describe('a group of runs', () => {
  test('of seven seeds: each keeps its own rows, five are drawn, and any other can be', async () => {
    const { lab, worker, baton, ended } = await group(seeds(7));
    for (let i = 0; i < 6; i += 1) worker.tick();
    expect(await ended).toBe('finished');
    const runs = presentRuns(lab.data);
    expect(runs.map(({ label }) => label)).toEqual(seeds(7).map(({ seed }) => `Seed ${seed}`));
    expect(new Set(runs.map(({ hash }) => hash)).size).toBe(7);
    for (const { record } of runs) expect(record.rows).toHaveLength(6);

    const drawn = () => chartRuns(lab.data).flatMap(({ hidden, slot }) => (hidden ? [] : [slot]));
    expect(chartRuns(lab.data)).toHaveLength(7);
    expect(drawn()).toEqual([1, 2, 3, 4, 5]);
    lab.draw(runs[0].id, false);
    lab.draw(runs[6].id, true);
    lab.draw(runs[6].id, true);
    expect(drawn()).toEqual([2, 3, 4, 5, 7]);

    expect(
      baton
        .runs()
        .map(({ experiment, metrics, present }) => [experiment.seed, metrics.length, present]),
    ).toEqual(seeds(7).map(({ seed }) => [seed, 6, true]));
    expect(baton.against()).toBeNull();
    expect(baton.metrics()).toEqual(runs[0].record.rows);

    void baton.run({ ...chain, seed: 9 });
    await settled();
    expect(presentRuns(lab.data)).toHaveLength(1);
    expect(earlierRuns(lab.data).map(({ id }) => id)).toEqual(runs.map(({ id }) => id));
    expect(baton.runs().map(({ present }) => present)).toEqual([...Array(7).fill(false), true]);
  });

  test('of several settings: they are called by what differs, which a live change of the lead leaves alone', async () => {
    const rates = [1e-3, 5e-4, 1e-4];
    const { lab, worker } = await group(
      rates.map((learning_rate) => ({ ...chain, method: { learning_rate } })),
    );
    const labels = presentRuns(lab.data).map(({ label }) => label);
    expect(new Set(labels).size).toBe(3);
    for (const label of labels) expect(label).toMatch(/^Learning rate /);
    lab.setSetting('method.learning_rate', 2e-4);
    lab.setSetting('rewards.0.weight', 0.5);
    await settled();
    worker.tick();
    const now = presentRuns(lab.data).map(({ experiment }) => experiment);
    expect(now.map(({ method }) => method.learning_rate)).toEqual([2e-4, 5e-4, 1e-4]);
    expect(now.map(({ rewards }) => rewards[0].weight)).toEqual([0.5, 0.5, 0.5]);
  });

  test('a live weight goes to the runs that have the same term at its place', async () => {
    const { lab, worker } = await group([
      { ...chain, rewards: [{ term: 'answer' }, { term: 'format' }] },
      { ...chain, rewards: [{ term: 'answer' }, { term: 'confidence' }] },
      { ...chain, rewards: [{ term: 'answer' }, { term: 'format' }], seed: 2 },
    ]);
    lab.setSetting('rewards.1.weight', 0.3);
    await settled();
    worker.tick();
    const weights = presentRuns(lab.data).map(({ experiment }) => experiment.rewards[1].weight);
    expect([weights[0], weights[2]]).toEqual([0.3, 0.3]);
    expect(weights[1]).not.toBe(0.3);
  });

  test('the failure of one names it and says that the others have stopped', async () => {
    const { lab, worker } = makeLab({ secondFailsAt: 2 });
    void createBaton(lab).runGroup(seeds(3));
    await settled();
    worker.tick();
    worker.tick();
    expect(lab.data.failure).toMatchObject({ runId: presentRuns(lab.data)[1].id, step: 1 });
    expect(lab.data.failure?.report.message).toMatch(/^Seed 1: /);
    expect(lab.data.failure?.report.remedy).toMatch(/The others have stopped with it/);
    expect(chartRuns(lab.data).map(({ stands }) => stands)).toEqual([
      'stopped',
      'failed',
      'stopped',
    ]);
  });

  test('is refused where it is empty, too large or not allowed, and nothing has changed then', async () => {
    const { lab, worker } = makeLab();
    const { runGroup } = createBaton(lab);
    const before = lab.data;
    const wrong = [...seeds(2), { method: { epsilon: 9 } }];
    for (const [given, field] of [
      [[], 'runs'],
      [seeds(MOST_RUNS + 1), 'runs'],
      [wrong, 'runs.2.method.epsilon'],
    ] as const) {
      await expect(runGroup(given)).rejects.toMatchObject({ kind: 'BadConfig', field });
    }
    expect(lab.data).toBe(before);
    expect(worker.commands).toEqual([]);
  });

  test('of equal experiments has names that differ', () => {
    const labels = planOf([chain, chain, chain]).runs.map(({ label }) => label);
    expect(new Set(labels).size).toBe(3);
  });
});
