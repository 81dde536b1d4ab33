import { describe, expect, it } from 'vitest';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { madeRun } from '../../lab/run-groups/testing/made-runs.ts';
import { groupRows } from '../stored/group-rows.ts';
import { aboutText, secondsOf, secondsPerStep } from './estimate.ts';
import type { Job } from './queue.ts';
import { jobsFor, seedsOfAll, seedsUpTo } from './queue-seeds.ts';

const ADAPTER = 'apple metal-3';
const steps = { steps: 7 } as SeedRun['experiment'];
const rows = groupRows([
  madeRun(1, [0]),
  madeRun(2, [0], { state: 'stopped' }),
  madeRun(4, [0], { state: 'open', id: 'open' }),
  madeRun(1, [0], { key: 'b', name: 'other', experiment: steps, id: 'b' }),
]);
let count = 0;
const jobs = (
  chosen: readonly number[],
  seeds = seedsUpTo(5),
  queued: readonly Job[] = [],
  adapter = ADAPTER,
) =>
  jobsFor(
    chosen.map((i) => rows[i]),
    seeds,
    { all: rows, queued, adapter },
    () => `${count++}`,
  );
const what = (list: readonly Job[]) => list.map(({ name, experiment }) => [name, experiment.seed]);

describe('seeds that are queued', () => {
  it('are those that are not done, open or queued already', () => {
    expect(what(jobs([0]))).toEqual([
      ['RLVR', 2],
      ['RLVR', 3],
      ['RLVR', 5],
    ]);
    expect(jobs([0], seedsUpTo(5), jobs([0]))).toEqual([]);
  });

  it('of two settings come seed by seed, and are the same in the end', () => {
    expect(what(jobs([0, 1], [1, 2, 3]))).toEqual([
      ['RLVR', 2],
      ['other', 2],
      ['RLVR', 3],
      ['other', 3],
    ]);
    expect(seedsOfAll(rows)).toEqual([1, 2, 4]);
  });

  it('are all of them where the runs were made on another adapter', () => {
    expect(what(jobs([1], [1, 2], [], 'nvidia hopper'))).toEqual([
      ['other', 1],
      ['other', 2],
    ]);
  });
});

describe('how long they take', () => {
  it('is what runs of the same setting took, else those with the same policy, task and method', () => {
    const seeds = [
      madeRun(1, [0, 0], { secondsPerStep: 2 }),
      madeRun(2, [0], { experiment: steps, secondsPerStep: 5, saved: '2026-12-01T00:00:00Z' }),
    ];
    const [{ experiment }] = seeds;
    expect(secondsPerStep({ ...experiment, seed: 9 }, seeds, ADAPTER)).toBe(2);
    expect(secondsPerStep({ ...experiment, steps: 99 }, seeds, ADAPTER)).toBe(5);
    expect(secondsPerStep(experiment, seeds, 'another')).toBeNull();
    expect(secondsOf([experiment, experiment], seeds, ADAPTER)).toBe(20);
    expect(secondsOf([experiment], [], ADAPTER)).toBeNull();
  });

  it.each([
    [null, 'time not known yet'],
    [20, 'under a minute'],
    [290, 'about 5 min'],
    [9000, 'about 2.5 h'],
  ])('%j is %s', (seconds, words) => {
    expect(aboutText(seconds)).toBe(words);
  });
});
