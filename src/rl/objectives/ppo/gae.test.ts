import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing.ts';
import { gae } from './gae.ts';

const number = fc.double({ min: -3, max: 3, noNaN: true });
const rollout = fc
  .array(fc.tuple(number, number), { minLength: 1, maxLength: 12 })
  .map((pairs) => ({
    rewards: pairs.map(([reward]) => reward),
    values: pairs.map(([, value]) => value),
  }));

describe('gae', () => {
  it('gives a table worked out by hand', () => {
    // delta: 0 + 0.5 x 1 - 2 = -1.5;  1 + 0.5 x 3 - 1 = 1.5;  4 + 0 - 3 = 1.
    // A: 1;  1.5 + 0.5 x 0.5 x 1 = 1.75;  -1.5 + 0.25 x 1.75 = -1.0625.
    const { advantages, returns } = gae([0, 1, 4], [2, 1, 3], { gamma: 0.5, lam: 0.5 });
    expect([...advantages]).toEqual([-1.0625, 1.75, 1]);
    expect([...returns]).toEqual([0.9375, 2.75, 4]);
  });

  it('with gamma = lambda = 1 is the reward to go less the value', () => {
    fc.assert(
      fc.property(rollout, ({ rewards, values }) => {
        const { advantages, returns } = gae(rewards, values, { gamma: 1, lam: 1 });
        const toGo = rewards.map((_, t) => rewards.slice(t).reduce((a, b) => a + b));
        expectClose(returns, toGo, 1e-12);
        expectClose(
          advantages,
          toGo.map((sum, t) => sum - values[t]),
          1e-12,
        );
      }),
    );
  });

  it('with lambda 0 is the one-step error of the value', () => {
    fc.assert(
      fc.property(rollout, ({ rewards, values }) => {
        const { advantages } = gae(rewards, values, { gamma: 0.9, lam: 0 });
        const errors = rewards.map((r, t) => r + 0.9 * (values[t + 1] ?? 0) - values[t]);
        expectClose(advantages, errors, 1e-12);
      }),
    );
  });

  it('is zero where the values predict every reward, for any lambda', () => {
    const rewards = [0.5, 0, 2];
    const values = [0.5 + 0.9 * 0.9 * 2, 0.9 * 2, 2];
    for (const lam of [0, 0.5, 1])
      expectClose(gae(rewards, values, { gamma: 0.9, lam }).advantages, [0, 0, 0], 1e-15);
  });

  it('refuses values that are not one for each reward', () => {
    expect(() => gae([1, 2], [1], { gamma: 1, lam: 1 })).toThrow(RangeError);
    expect([...gae([], [], { gamma: 1, lam: 1 }).advantages]).toEqual([]);
  });
});
