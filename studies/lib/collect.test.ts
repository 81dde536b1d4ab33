import { describe, expect, test } from 'vitest';
import { blockSize, collectSeries, timingOf } from './collect.ts';

const rows = Array.from({ length: 201 }, (_, step) => ({
  step,
  ...(step > 0 && { reward: step, secret: 1 }),
  ...(step % 100 === 0 && { 'eval/accuracy': 1 / (step + 3), 'eval/accuracy_low': 0 }),
}));

describe('thinning', () => {
  test('keeps at most fifty points, and their mean is the mean of all steps', () => {
    const { reward } = collectSeries(rows, []);
    expect(reward.values).toHaveLength(50);
    expect(reward.steps.at(-1)).toBe(200);
    const mean = reward.values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / 50;
    expect(mean).toBeCloseTo(100.5, 10);
    for (const steps of [1, 49, 50, 51, 333]) {
      expect(Math.ceil(steps / blockSize(steps))).toBeLessThanOrEqual(50);
    }
  });

  test('keeps every evaluation, to six digits, without its interval over questions', () => {
    const all = collectSeries(rows, []);
    expect(all['eval/accuracy']).toEqual({
      steps: [0, 100, 200],
      values: [0.333333, 0.00970874, 0.00492611],
    });
    expect(all).not.toHaveProperty('eval/accuracy_low');
  });

  test('keeps of the rest what the study names', () => {
    expect(collectSeries(rows, [])).not.toHaveProperty('secret');
    expect(collectSeries(rows, ['sec*'])).toHaveProperty('secret');
  });

  test('what was not finite in a whole block is null, and in part of it left out', () => {
    const gaps = rows.map((row) => ({ ...row, reward: row.step < 5 || row.step === 6 ? null : 2 }));
    expect(collectSeries(gaps, []).reward.values.slice(0, 3)).toEqual([null, null, 2]);
  });
});

test('the time of a step leaves out its evaluation and the first step', () => {
  const row = (step: number, step_time: number, evaluate: number) => ({
    step,
    step_time,
    phases: { train: 1, ...(evaluate > 0 && { evaluate }) },
    tokens_per_second: {},
  });
  const { step, phases } = timingOf([row(0, 9, 9), row(1, 50, 0), row(2, 2, 0), row(3, 7, 5)]);
  expect(step).toBe(2);
  expect(phases).toEqual({ train: 1 });
});
