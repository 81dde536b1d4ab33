import { describe, expect, it } from 'vitest';
import { klK3 } from '../kl.ts';
import { expectClose } from '../testing.ts';
import { PPO_DEFAULTS, type PpoSettings } from './settings.ts';
import { tokenRewards } from './token-rewards.ts';

const free: PpoSettings = { ...PPO_DEFAULTS, kl_coef: 0 };
const old = [-1, -0.5, -2];
const ref = [-1.5, -0.25, -2];

describe('tokenRewards', () => {
  it('puts the reward at the last token', () => {
    const found = tokenRewards({ total: 0.75, truncated: false, old }, free);
    expect([...found.rewards]).toEqual([0, 0, 0.75]);
    expect(found).toMatchObject({ kl: null, nonScore: 0 });
  });

  it('pays token values at their tokens, and the rest at the end', () => {
    const { rewards } = tokenRewards(
      { total: 1, tokenTotals: [0.25, -0.5, 0.5], truncated: false, old },
      free,
    );
    expect([...rewards]).toEqual([0.25, -0.5, 1.25]);
  });

  it.each([
    ['k1', [-0.05, 0.025, 0]],
    ['k3', old.map((logp, t) => -0.1 * klK3(logp, ref[t]))],
  ] as const)(
    'takes the %s divergence from the reference off every token',
    (kl_estimator, price) => {
      const settings = { ...free, kl_coef: 0.1, kl_estimator };
      const found = tokenRewards({ total: 2, truncated: false, old, ref }, settings);
      expectClose(found.rewards, [price[0], price[1], price[2] + 2], 1e-15);
      expect(found.nonScore).toBeCloseTo(price[0] + price[1] + price[2], 15);
      // Whichever estimate is paid, the divergence is reported as the plain difference.
      expect(found.kl).toBeCloseTo(0.25, 15);
    },
  );

  it('subtracts the penalty from a completion that never ended, and from no other', () => {
    const settings = { ...free, missing_eos_penalty: 1.5 };
    const last = (truncated: boolean, of: PpoSettings) =>
      tokenRewards({ total: 1, truncated, old }, of).rewards[2];
    expect([last(true, settings), last(false, settings), last(true, free)]).toEqual([-0.5, 1, 1]);
  });

  it('refuses a penalty without a reference, and lists that do not fit', () => {
    const one = { total: 1, truncated: false, old };
    expect(() => tokenRewards(one, PPO_DEFAULTS)).toThrow(/reference/);
    expect(() => tokenRewards({ ...one, tokenTotals: [1] }, free)).toThrow(RangeError);
    expect(() => tokenRewards({ ...one, ref: [1] }, PPO_DEFAULTS)).toThrow(RangeError);
  });
});
