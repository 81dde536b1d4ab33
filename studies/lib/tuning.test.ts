import { describe, expect, test } from 'vitest';
import { trial } from '../smoke.ts';
import type { Part } from './design.ts';
import { plan } from './plan.ts';
import { Results } from './results.ts';
import { madeUp } from './testing/made-up.ts';
import { chosenRate, settled, trialsOf } from './tuning.ts';

const tuned: Part = {
  ...trial,
  arms: [
    { id: 'plain', label: 'Plain', change: {} },
    { id: 'long', label: 'Long', change: { method: { max_completion_length: 40 } } },
  ],
  tuning: { learning_rates: [1e-4, 1e-3], seed: 11 },
};
const ids = (part: Part) => plan(part).map(({ id }) => id);

/** Trials of `plain` end better at the larger rate, those of `long` at the smaller. */
const raw = madeUp(tuned, {
  accuracy: (arm) => (['plain-lr1e-3', 'long-lr1e-4'].includes(arm) ? 0.6 : 0.4),
});

describe('learning rates that are chosen by trials', () => {
  test('before any trial has been run only trials can be, each with the one seed', () => {
    expect(ids(settled(tuned, []))).toEqual([
      'plain-lr1e-4-s11',
      'plain-lr1e-3-s11',
      'long-lr1e-4-s11',
      'long-lr1e-3-s11',
    ]);
  });

  test('each arm takes the rate at which its own trial ended most accurate', () => {
    const runs = plan(settled(tuned, raw.runs)).filter(({ seed }) => seed === 1);
    expect(runs.map(({ id, experiment }) => [id, experiment.method?.learning_rate])).toEqual([
      ['plain-s1', 1e-3],
      ['long-s1', 1e-4],
    ]);
    expect(new Results(settled(tuned, raw.runs), raw).stale).toEqual([]);
  });

  test('an arm waits for all of its own trials and for no other’s', () => {
    const some = raw.runs.filter(({ arm }) => arm !== 'long-lr1e-3');
    expect(settled(tuned, some).arms.map(({ id }) => id)).not.toContain('long');
    expect(settled(tuned, some).arms.map(({ id }) => id)).toContain('plain');
  });

  test('runs at a rate that is no longer the chosen one are not counted', () => {
    const runs = raw.runs.map((run) =>
      run.arm === 'plain-lr1e-4'
        ? { ...run, series: { 'eval/accuracy': { steps: [3], values: [0.9] } } }
        : run,
    );
    const { stale } = new Results(settled(tuned, runs), { ...raw, runs });
    expect(stale.map(({ arm, seed }) => `${arm}${seed}`)).toEqual(['plain1', 'plain2']);
  });

  test('a trial counts with the mean of its last three evaluations', () => {
    const runs = raw.runs.map((run) => ({
      ...run,
      series: { 'eval/accuracy': { steps: [0, 1, 2, 3], values: [0.9, 0.1, 0.2, 0.6] } },
    }));
    expect(trialsOf(tuned, tuned.arms[0], runs)[0].accuracy).toBeCloseTo(0.3, 12);
  });

  test('of equals the smaller rate is taken', () => {
    const both = [1e-3, 1e-4].map((rate) => ({ rate, accuracy: 0.5 }));
    expect(chosenRate(both)).toBe(1e-4);
    expect(chosenRate([])).toBeUndefined();
  });
});
