import { describe, expect, it } from 'vitest';
import { planSweep } from '../../lab/sweep/sweep.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { POSITIONS } from '../../rl/run/fit.ts';
import { fitting } from './sweep-fit.ts';
import { SweepStore } from './sweep-store.ts';

const experiment = defaultExperiment();
const all = POSITIONS[experiment.policy] ?? 0;
const sweep = (lengths: readonly number[]) => ({
  ...{ version: 1, experiment, seeds: [1, 2] },
  grid: { 'method.max_completion_length': lengths, 'method.beta': [0, 0.1] },
});

describe('a sweep with combinations that do not fit the policy', () => {
  it('names them and runs the others, under their own cells', async () => {
    const { cells, runs, impossible } = fitting(await planSweep(sweep([all, 16])));
    expect(cells.map((cell) => cell['method.max_completion_length'])).toEqual([16, 16]);
    expect(runs).toHaveLength(4);
    for (const {
      cell,
      experiment: { method },
    } of runs)
      expect((method as { beta?: number }).beta).toBe(cells[cell]['method.beta']);
    expect(impossible.map(({ cell }) => cell['method.max_completion_length'])).toEqual([all, all]);
    for (const { why } of impossible) expect(why).toMatch(/\d+ tokens/);
  });

  it('is what it was where all fit', async () => {
    const plan = await planSweep(sweep([16, 24]));
    expect(fitting(plan)).toBe(plan);
  });

  it('is refused where none is left', async () => {
    const store = new SweepStore(null);
    expect(await store.take(JSON.stringify(sweep([all])))).toBe(false);
    expect(store.store.getState().problem?.message).toMatch(/No combination/);
  });
});
