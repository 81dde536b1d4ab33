import { describe, expect, test } from 'vitest';
import type { TimingsRow } from '../../rl/records.ts';
import { paceOf, STEPS_BEFORE_ESTIMATE, secondsLeft, tokensPerStep } from './pace.ts';

const rows = (times: readonly number[]): TimingsRow[] =>
  times.map((step_time, i) => ({ step: i + 1, step_time, phases: {}, tokens_per_second: {} }));

describe('the time left', () => {
  test('is not guessed before the fifth step', () => {
    expect(paceOf(rows(Array(STEPS_BEFORE_ESTIMATE - 1).fill(1)))).toBeNull();
    expect(paceOf(rows(Array(STEPS_BEFORE_ESTIMATE).fill(1)))).toEqual({
      secondsPerStep: 1,
      counted: 5,
    });
  });

  test('does not count the evaluation before the first step', () => {
    const baseline = { step: 0, step_time: 30, phases: {}, tokens_per_second: {} };
    expect(paceOf([baseline, ...rows([1, 1, 1, 1])])).toBeNull();
    expect(paceOf([baseline, ...rows([1, 1, 1, 1, 1])])?.secondsPerStep).toBe(1);
  });

  test('rests on the last twenty steps only', () => {
    const pace = paceOf(rows([...Array(50).fill(9), ...Array(20).fill(2)]));
    expect(pace).toEqual({ secondsPerStep: 2, counted: 20 });
  });

  test('does not count a gap in which the tab was frozen', () => {
    const pace = paceOf(rows([1, 1, 1, 1, 1, 600]));
    expect(pace?.secondsPerStep).toBe(1);
  });

  test('counts the slower steps that evaluate', () => {
    const pace = paceOf(rows([1, 1, 1, 1, 3]));
    expect(pace?.secondsPerStep).toBeCloseTo(1.4);
  });

  test('is what the remaining steps take', () => {
    expect(secondsLeft({ secondsPerStep: 1.5, counted: 20 }, 84, 150)).toBe(99);
    expect(secondsLeft({ secondsPerStep: 1.5, counted: 20 }, 151, 150)).toBe(0);
  });
});

describe('the tokens of a step', () => {
  const counted = (counts: readonly (number | null)[]) =>
    counts.map((num_tokens, i) => ({ step: i + 1, num_tokens }));

  test('are the mean over the last twenty steps', () => {
    const slow = Array.from({ length: 30 }, (_, i) => i + 1);
    const fast = Array.from({ length: 20 }, (_, i) => 30 + 100 * (i + 1));
    expect(tokensPerStep(counted([...slow, ...fast]))).toBe(100);
  });

  test('are not known of one row, nor where no row counts them', () => {
    expect(tokensPerStep(counted([500]))).toBeNull();
    expect(tokensPerStep(counted([null, null]))).toBeNull();
  });
});
