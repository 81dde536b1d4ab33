import { describe, expect, it } from 'vitest';
import { logitReward } from './rl-logit.ts';

describe('the reward of RL-Logit', () => {
  it('is the log-probability of the whole answer, or its probability', () => {
    const logprobs = Float32Array.from([-0.5, -0.25, -1]);
    expect(logitReward(logprobs, 'log_probability')).toBe(-1.75);
    expect(logitReward(logprobs, 'probability')).toBeCloseTo(Math.exp(-1.75), 15);
    expect(logitReward([Math.log(0.5), Math.log(0.5)], 'probability')).toBeCloseTo(0.25, 15);
  });

  it('differs between answers in its log where the probability is too small to', () => {
    const [near, far] = [[-800], [-900]];
    expect([near, far].map((row) => logitReward(row, 'probability'))).toEqual([0, 0]);
    expect([near, far].map((row) => logitReward(row, 'log_probability'))).toEqual([-800, -900]);
  });

  it('is missing where nothing was scored', () => {
    for (const kind of ['probability', 'log_probability'] as const) {
      expect(logitReward([], kind)).toBeNull();
      expect(logitReward([-1, Number.NEGATIVE_INFINITY], kind)).toBeNull();
      expect(logitReward([Number.NaN], kind)).toBeNull();
    }
  });
});
