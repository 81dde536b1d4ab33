import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupAdvantages } from './advantage.ts';
import { SCALE_REWARDS } from './settings.ts';

const reward = fc.double({ min: -2, max: 2, noNaN: true });
const scale = fc.constantFrom(...SCALE_REWARDS);
const twoGroups = fc.array(reward, { minLength: 8, maxLength: 8 });

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-9) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    // Advantages reach 1e4 times the rewards' rounding error, because the std may be as small as the offset.
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(tolerance);
  }
}

describe('groupAdvantages', () => {
  it('gives hand-computed values with the sample standard deviation, for each scaling', () => {
    const rewards = [1, 0, 0, 1, 3, 1, 1, 3];
    const groupStds = [Math.sqrt(1 / 3), Math.sqrt(4 / 3)];
    const batchStd = Math.sqrt((4 * 0.25 ** 2 + 2 * 1.25 ** 2 + 2 * 1.75 ** 2) / 7);
    const centred = [0.5, -0.5, -0.5, 0.5, 1, -1, -1, 1];
    const group = groupAdvantages(rewards, 4, 'group');
    expectClose(
      group.advantages,
      centred.map((a, i) => a / (groupStds[i >> 2] + 1e-4)),
      1e-14,
    );
    expect(group.metrics.reward).toBe(1.25);
    expectClose(groupAdvantages(rewards, 4, 'none').advantages, centred, 0);
    const batch = groupAdvantages(rewards, 4, 'batch');
    expectClose(
      batch.advantages,
      centred.map((a) => a / (batchStd + 1e-4)),
      1e-14,
    );
  });

  it('report the deviation of the whole batch, and of groups under a name of its own, whatever the scaling', () => {
    // Two groups that are equal within: nothing to learn within a question, and a wide batch.
    const rewards = [0, 0, 0, 3, 3, 3];
    for (const kind of SCALE_REWARDS) {
      const { metrics } = groupAdvantages(rewards, 3, kind);
      expect(metrics.reward_std).toBeCloseTo(Math.sqrt((6 * 1.5 ** 2) / 5), 14);
      expect(metrics.reward_group_std).toBe(0);
      expect(metrics.frac_reward_zero_std).toBe(1);
    }
    const { metrics } = groupAdvantages([1, 0, null, 1], 2, 'none');
    // Of one reward alone nothing deviates; what could not be scored has no part.
    expect(metrics.reward_group_std).toBeCloseTo(Math.SQRT1_2 / 2, 14);
    expect(metrics.reward_std).toBeCloseTo(Math.sqrt(1 / 3), 14);
  });

  it('of a permuted group are the permuted advantages', () => {
    const order = [2, 0, 3, 1];
    fc.assert(
      fc.property(twoGroups, scale, (rewards, kind) => {
        const permuted = [...order.map((i) => rewards[i]), ...rewards.slice(4)];
        const before = groupAdvantages(rewards, 4, kind).advantages;
        const after = groupAdvantages(permuted, 4, kind).advantages;
        expectClose(after, [...order.map((i) => before[i]), ...before.slice(4)]);
      }),
    );
  });

  it('do not change when a constant is added to the rewards of one group', () => {
    fc.assert(
      fc.property(twoGroups, fc.integer({ min: -8, max: 8 }), (rewards, constant) => {
        const shifted = rewards.map((r, i) => (i < 4 ? r + constant : r));
        for (const kind of ['group', 'none'] as const) {
          expectClose(
            groupAdvantages(shifted, 4, kind).advantages,
            groupAdvantages(rewards, 4, kind).advantages,
          );
        }
      }),
    );
  });

  it('sum to zero in every group', () => {
    fc.assert(
      fc.property(twoGroups, scale, (rewards, kind) => {
        const { advantages } = groupAdvantages(rewards, 4, kind);
        for (const start of [0, 4]) {
          const group = advantages.slice(start, start + 4);
          expect(Math.abs(group.reduce((a, b) => a + b))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('are exactly zero for equal rewards, even those that sum inexactly, and the group is counted', () => {
    for (const kind of SCALE_REWARDS) {
      const { advantages, metrics } = groupAdvantages([0.1, 0.1, 0.1, 1, 0, 0.5], 3, kind);
      expect([...advantages.slice(0, 3)]).toEqual([0, 0, 0]);
      expect(advantages[3]).toBeGreaterThan(0);
      expect(metrics.frac_reward_zero_std).toBe(0.5);
    }
  });

  it('of a single completion are zero, and its group counts as one without signal', () => {
    for (const kind of SCALE_REWARDS) {
      const { advantages, metrics } = groupAdvantages([3, 5], 1, kind);
      expect([...advantages]).toEqual([0, 0]);
      expect(metrics).toMatchObject({ reward: 4, frac_reward_zero_std: 1 });
    }
  });

  it('leave out completions without a reward', () => {
    const { advantages, metrics } = groupAdvantages([1, null, 0, null, null, null], 3, 'group');
    const std = Math.sqrt(0.5);
    expectClose(advantages, [0.5 / (std + 1e-4), 0, -0.5 / (std + 1e-4), 0, 0, 0], 1e-14);
    expect(metrics).toMatchObject({ reward: 0.5, frac_reward_zero_std: 0.5 });
  });

  it('refuse rewards that do not fill their groups', () => {
    expect(() => groupAdvantages([1, 2, 3], 2, 'group')).toThrow(RangeError);
    expect(() => groupAdvantages([1, 2, 3], 0, 'group')).toThrow(RangeError);
  });
});
