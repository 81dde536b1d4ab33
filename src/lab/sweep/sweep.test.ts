import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../rl/records.ts';
import { cellResults, defaultMetric, type Finished, runsCsv } from './results.ts';
import { planSweep } from './sweep.ts';

const SWEEP = {
  version: 1,
  preset: 'countdown-grpo',
  grid: { 'method.learning_rate': [1e-4, 2e-4], 'method.beta': [0, 0.01, 0.02] },
  seeds: [3, 5],
};

const refused = (kind: string, why: RegExp) =>
  expect.objectContaining({ kind, message: expect.stringMatching(why) });

describe('the plan', () => {
  it('is every combination with every seed, seed by seed', async () => {
    const { cells, runs, impossible } = await planSweep(SWEEP);
    expect(cells).toHaveLength(6);
    expect(impossible).toEqual([]);
    expect(runs.map(({ seed, cell }) => [seed, cell])).toEqual(
      [3, 5].flatMap((seed) => [0, 1, 2, 3, 4, 5].map((cell) => [seed, cell])),
    );
    expect(runs[7].experiment).toMatchObject({
      seed: 5,
      method: { learning_rate: 1e-4, beta: 0.01 },
    });
    expect(new Set(runs.map(({ id }) => id)).size).toBe(12);
  });

  it('knows a run by its experiment, so a grid that has grown asks for the same ones', async () => {
    const [small, large] = await Promise.all([
      planSweep(SWEEP),
      planSweep({ ...SWEEP, grid: { ...SWEEP.grid, 'method.beta': [0.02, 0.04, 0, 0.01] } }),
    ]);
    const ids = new Set(large.runs.map(({ id }) => id));
    expect(small.runs.every(({ id }) => ids.has(id))).toBe(true);
  });

  it('takes a range with its ends as they are written', async () => {
    const grid = { 'method.learning_rate': { from: 1e-5, to: 1e-3, count: 3, scale: 'log' } };
    const { cells } = await planSweep({ version: 1, grid });
    expect(cells.map((cell) => cell['method.learning_rate'])).toEqual([1e-5, 1e-4, 1e-3]);
  });

  it('changes method and task before the settings that come with them', async () => {
    const grid = { 'method.tau_pol': [0.5, 0.6], 'method.name': ['raro'] };
    const experiment = {
      version: 1,
      policy: 'policies/chain-critic',
      task: { id: 'chain', answer_apart: true },
    };
    const { cells, impossible } = await planSweep({ version: 1, experiment, grid });
    expect(impossible).toEqual([]);
    expect(cells).toHaveLength(2);
  });

  it('keeps impossible combinations apart, each with its reason', async () => {
    const grid = { 'method.learning_rate': [1e-4, 50], 'method.nothing': [1] };
    const { cells, impossible } = await planSweep({ version: 1, grid });
    expect(cells).toEqual([]);
    expect(impossible.map(({ why }) => why)).toEqual([
      expect.stringContaining('method.nothing'),
      expect.stringContaining('method.learning_rate'),
    ]);
  });

  it.each([
    [{}, /version/],
    [{ ...SWEEP, version: 2 }, /version/],
    [{ ...SWEEP, seed: 1 }, /seed/],
    [{ ...SWEEP, preset: 'none' }, /preset none/],
    [{ ...SWEEP, experiment: {} }, /one of them/],
    [{ ...SWEEP, seeds: [] }, /seeds/],
    [{ ...SWEEP, seeds: [1, 1] }, /twice/],
    [{ ...SWEEP, seeds: [-1] }, /seeds/],
    [{ ...SWEEP, grid: { seed: [1] } }, /list of their own/],
    [{ ...SWEEP, grid: { steps: [] } }, /grid\.steps/],
    [{ ...SWEEP, grid: { steps: [5, 5] } }, /twice/],
    [{ ...SWEEP, grid: { 'method.beta': { from: 0, to: 1, count: 3, scale: 'log' } } }, /above 0/],
    [{ ...SWEEP, grid: { 'method.beta': { from: 0, to: 1, count: 1e9 } } }, /grid/],
    [
      {
        ...SWEEP,
        grid: {
          a: Array.from({ length: 500 }, (_, i) => i),
          b: Array.from({ length: 500 }, (_, i) => i),
        },
      },
      /more than 10000/,
    ],
    [[], /sweep/],
    [null, /sweep/],
  ])('refuses %j', async (json, why) => {
    await expect(planSweep(json)).rejects.toEqual(refused('BadFile', why));
  });

  it('refuses a base that is no experiment by its field', async () => {
    const promise = planSweep({ version: 1, experiment: { version: 1, method: { beta: -1 } } });
    await expect(promise).rejects.toEqual(
      expect.objectContaining({ kind: 'BadConfig', field: 'experiment.method.beta' }),
    );
  });
});

describe('the results', () => {
  const finished = async (): Promise<Finished[]> => {
    const { runs } = await planSweep(SWEEP);
    return runs.slice(0, 7).map(({ id, seed }, i): Finished => {
      const first = { step: 1, reward: 0.1 * i, 'eval/accuracy': i / 10 + seed / 100 };
      const metrics: MetricsRow[] = [first, { step: 2, reward: 0.2 * i }];
      return { id, hash: `${i}`, metrics };
    });
  };

  it('are means over the seeds that are there, of the last value', async () => {
    const plan = await planSweep(SWEEP);
    const runs = await finished();
    expect(defaultMetric(runs)).toBe('eval/accuracy');
    const [first, second] = cellResults(plan, runs, 'eval/accuracy');
    expect(first.seeds).toEqual([3, 5]);
    expect(first.result?.mean).toBeCloseTo((0.03 + 0.65) / 2, 12);
    expect(second).toMatchObject({ seeds: [3], result: { n: 1, low: null, high: null } });
    expect(cellResults(plan, [], 'reward')[0].result).toBeNull();
  });

  it('are a table that a spreadsheet opens', async () => {
    const lines = runsCsv(await planSweep(SWEEP), await finished()).split('\r\n');
    expect(lines[0]).toBe(
      'method.learning_rate,method.beta,seed,run,state,step,hash,eval/accuracy,reward',
    );
    expect(lines).toHaveLength(14);
    expect(lines[2]).toMatch(/^0\.0001,0\.01,3,[0-9a-f]{16},done,2,1,0\.13,0\.2$/);
    expect(lines[12]).toMatch(/,not done,,,,$/);
  });
});
