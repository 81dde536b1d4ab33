import { describe, expect, it } from 'vitest';
import { madeRun } from '../../lab/run-groups/testing/made-runs.ts';
import { planSweep } from '../../lab/sweep/sweep.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import type { TextStorage } from '../store/preferences.ts';
import { readSeeds, readSweepText, readValues, sweepFile } from './sweep-draft.ts';
import { finishedOf, heatMap, progressOf, sweepJobs, sweepResults } from './sweep-progress.ts';
import { SweepStore } from './sweep-store.ts';

const experiment = defaultExperiment();
const DRAFT = {
  experiment,
  axes: [
    { path: 'method.learning_rate', values: '1e-4, 4e-4' },
    { path: 'method.beta', values: '0, 0.01, 0.02' },
  ],
  seeds: '1 to 3',
};
const bad = (field: string) => expect.objectContaining({ kind: 'BadFile', field });

describe('what is typed', () => {
  it('becomes the file of lab sweep', async () => {
    const file = sweepFile(DRAFT);
    expect(file).toEqual({
      version: 1,
      experiment,
      grid: { 'method.learning_rate': [1e-4, 4e-4], 'method.beta': [0, 0.01, 0.02] },
      seeds: [1, 2, 3],
    });
    const { cells, runs } = await planSweep(JSON.parse(JSON.stringify(file)));
    expect([cells.length, runs.length]).toEqual([6, 18]);
  });

  it('may be a range, a choice or a switch', () => {
    const values = (path: string, text: string) => readValues(experiment, path, text);
    expect(values('method.beta', '0.001 to 0.1 in 3 log')).toEqual({
      ...{ from: 0.001, to: 0.1, count: 3, scale: 'log' },
    });
    expect(values('method.beta', '0 to 1 in 5')).toEqual({ from: 0, to: 1, count: 5 });
    expect(values('method.loss_type', 'dapo, dr_grpo')).toEqual(['dapo', 'dr_grpo']);
    expect(values('evaluation.ood', 'true, false')).toEqual([true, false]);
    expect(readSeeds('4, 2')).toEqual([4, 2]);
  });

  it.each([
    ['method.beta', ''],
    ['method.beta', '0.1,,0.2'],
    ['method.beta', 'much'],
    ['method.beta', '0 to much in 3'],
    ['evaluation.ood', 'maybe'],
  ])('is refused by its setting: %s as %j', (path, text) => {
    expect(() => readValues(experiment, path, text)).toThrow(bad(path));
  });

  it.each(['', '5 to 1', '1 to 99999', '1.5', '-1', 'a'])('is refused as seeds: %j', (text) => {
    expect(() => readSeeds(text)).toThrow(bad('seeds'));
  });

  it.each(['', '{', '['.repeat(90_000), 'x'.repeat(2 ** 21)])(
    'is refused as a file (%#)',
    (text) => {
      expect(() => readSweepText(text)).toThrow(bad('sweep'));
    },
  );
});

describe('a sweep', () => {
  const made = async () => {
    const plan = await planSweep(sweepFile({ ...DRAFT, seeds: '1 to 3' }));
    const seeds = plan.runs.slice(0, 13).map((run, i) =>
      madeRun(run.seed, [0, i / 100], {
        ...{ experiment: run.experiment, experimentHash: run.id.padEnd(64, '0'), id: `${i}` },
      }),
    );
    return { plan, seeds };
  };

  it('counts the runs that are stored, and queues each of the others once', async () => {
    const { plan, seeds } = await made();
    const finished = finishedOf(seeds, 'apple metal-3');
    const { done, all, left } = progressOf(plan, finished, []);
    expect([done, all, left.length]).toEqual([13, 18, 5]);
    const jobs = sweepJobs(plan, left, 'countdown-grpo');
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(5);
    expect(jobs[0].name).toMatch(/^learning rate 1\.0e−4, KL weight/);
    expect(progressOf(plan, finished, jobs).left).toEqual([]);
    expect(finishedOf(seeds, 'another adapter')).toEqual([]);
  });

  it('has an interval for a combination of three seeds, and none for fewer', async () => {
    const { plan, seeds } = await made();
    const { metric, cells } = sweepResults(plan, finishedOf(seeds, 'apple metal-3'));
    expect(metric).toBe('eval/accuracy');
    expect(cells[0].result).toMatchObject({ n: 3, low: expect.any(Number) });
    expect(cells[1].result).toMatchObject({ n: 2, low: null, high: null });
  });

  it('is a heat map where one or two settings vary', async () => {
    const { plan, seeds } = await made();
    const { cells } = sweepResults(plan, finishedOf(seeds, 'apple metal-3'));
    const map = heatMap(cells);
    expect(map?.across).toEqual({ path: 'method.beta', values: [0, 0.01, 0.02] });
    expect(map?.down?.values).toEqual([1e-4, 4e-4]);
    expect(map?.means.map((row) => row.length)).toEqual([3, 3]);
    expect(map?.means[1][2]).toBe(cells[5].result?.mean);
    expect(heatMap(cells.slice(0, 3))?.down).toBeNull();
    expect(heatMap(cells.slice(0, 1))).toBeNull();
  });
});

describe('the sweep of the page', () => {
  const memory = (): TextStorage => {
    const kept = new Map<string, string>();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    };
  };

  it('is there again on the next visit, until it is put away', async () => {
    const storage = memory();
    const sweep = new SweepStore(storage);
    expect(await sweep.take(JSON.stringify(sweepFile(DRAFT)))).toBe(true);
    const next = new SweepStore(storage);
    await expect.poll(() => next.store.getState().plan?.runs.length).toBe(18);
    next.clear();
    expect(new SweepStore(storage).store.getState()).toEqual({
      text: null,
      plan: null,
      problem: null,
    });
  });

  it('stays what it was where a file is refused', async () => {
    const sweep = new SweepStore(null);
    await sweep.take(JSON.stringify(sweepFile(DRAFT)));
    expect(await sweep.take('{"version":9}')).toBe(false);
    const large = { version: 1, seeds: Array.from({ length: 101 }, (_, i) => i) };
    const impossible = { version: 1, grid: { steps: [-1] } };
    for (const file of [large, impossible]) {
      expect(await sweep.take(JSON.stringify(file))).toBe(false);
      expect(sweep.store.getState().problem).toMatchObject({ kind: 'BadFile', field: 'grid' });
    }
    expect(await sweep.take('{"version":9}')).toBe(false);
    expect(sweep.store.getState()).toMatchObject({
      problem: { kind: 'BadFile', field: 'version' },
      plan: { runs: { length: 18 } },
    });
  });
});
