import { describe, expect, it } from 'vitest';
import { LR_SCHEDULER_TYPES, type LrSchedulerType, learningRate } from './schedule.ts';

const at = (type: LrSchedulerType, step: number, warmup_steps = 4) =>
  learningRate(step, {
    lr_scheduler_type: type,
    learning_rate: 2,
    warmup_steps,
    max_steps: 12,
  });

describe('learningRate', () => {
  it('stays at the peak when constant, warm-up or not', () => {
    expect([0, 1, 11, 50].map((step) => at('constant', step))).toEqual([2, 2, 2, 2]);
  });

  it('rises linearly from zero over the warm-up, then follows its shape', () => {
    for (const type of ['constant_with_warmup', 'linear', 'cosine'] as const) {
      expect([0, 1, 2, 3, 4].map((step) => at(type, step))).toEqual([0, 0.5, 1, 1.5, 2]);
    }
    expect(at('constant_with_warmup', 11)).toBe(2);
    expect([6, 8, 10, 12].map((step) => at('linear', step))).toEqual([1.5, 1, 0.5, 0]);
    const cosine = [6, 8, 10, 12].map((step) => at('cosine', step));
    const expected = [1 + Math.SQRT1_2, 1, 1 - Math.SQRT1_2, 0];
    for (let i = 0; i < 4; i++) expect(cosine[i]).toBeCloseTo(expected[i], 14);
  });

  it('starts at the peak without warm-up, and is never negative nor above the peak', () => {
    for (const type of LR_SCHEDULER_TYPES) {
      expect(at(type, 0, 0)).toBe(2);
      for (let step = 0; step < 40; step++) {
        expect(at(type, step)).toBeGreaterThanOrEqual(0);
        expect(at(type, step)).toBeLessThanOrEqual(2);
      }
    }
  });

  it('reaches zero and stays there when the run goes past its end', () => {
    expect(at('linear', 30)).toBe(0);
    expect(at('cosine', 30)).toBe(0);
  });
});
