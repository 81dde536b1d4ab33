import { describe, expect, it } from 'vitest';
import { groupAdvantages } from '../objectives/advantage.ts';
import { discountedAdvantages, meanAdvantages, type TokenRewards } from './returns.ts';

const rewards: TokenRewards = [
  Float64Array.of(1, 2, 3),
  Float64Array.of(-1),
  Float64Array.of(0, 4),
  Float64Array.of(2, 2, 2, 2),
];
const pair = { groupSize: 2, centred: true };

describe('the mean form', () => {
  it('is GRPO on the mean over tokens, the same for every token', () => {
    const { rows, means, metrics } = meanAdvantages(rewards, 'group', pair);
    const plain = groupAdvantages([2, -1, 2, 2], 2, 'group');
    expect(means).toEqual(plain.advantages);
    expect(metrics).toEqual(plain.metrics);
    expect(rows.map((row) => [...row])).toEqual([
      ...[new Array(3).fill(means[0]), [means[1]], [0, 0], [0, 0, 0, 0]],
    ]);
  });

  it('leaves a completion without tokens out of its group', () => {
    const { rows, means } = meanAdvantages(
      [null, ...rewards.slice(0, 3)].toSpliced(1, 1, rewards[0]),
      'none',
      { groupSize: 4, centred: true },
    );
    expect([...means].map((x) => Number(x.toFixed(12)))).toEqual([0, 1, -2, 1]);
    expect(rows[0].length).toBe(0);
  });
});

describe('the token form', () => {
  it('compares every token with the group’s last ones, and sums from the end', () => {
    const { rows, means } = discountedAdvantages(rewards.slice(0, 2), 0.5, pair);
    // Last rewards 3 and -1: mean 1, sample deviation sqrt(8).
    const s = Math.sqrt(8) + 1e-4;
    const [a0, a1, a2] = [0 / s, 1 / s, 2 / s];
    const expected = [a0 + 0.5 * (a1 + 0.5 * a2), a1 + 0.5 * a2, a2];
    expected.forEach((x, t) => {
      expect(rows[0][t]).toBeCloseTo(x, 12);
    });
    expect(rows[1][0]).toBeCloseTo(-2 / s, 12);
    expect(means[0]).toBeCloseTo((expected[0] + expected[1] + expected[2]) / 3, 12);
  });

  it('without discount looks at each token alone, and with 1 sums all that follow', () => {
    const rows = (gamma: number) => discountedAdvantages(rewards.slice(0, 2), gamma, pair).rows[0];
    const alone = rows(0);
    expect(rows(1)[0]).toBeCloseTo(alone[0] + alone[1] + alone[2], 12);
    expect(rows(1)[2]).toBe(alone[2]);
  });

  it('is finite over a thousand tokens, where dividing by powers of gamma is not in float32', () => {
    const long = [new Float64Array(1000).fill(1), new Float64Array(1000).fill(-1)];
    const { rows } = discountedAdvantages(long, 0.9, pair);
    const a = 1 / (Math.SQRT2 + 1e-4);
    expect(rows[0][0]).toBeCloseTo(a / (1 - 0.9), 6);
    expect(Math.fround(0.9 ** 1000)).toBe(0);
  });

  it('gives a group whose last rewards are equal nothing, whatever its other tokens have', () => {
    const same = [Float64Array.of(3, -5), Float64Array.of(1, -5), null, null];
    const { rows, metrics } = discountedAdvantages(same, 0.9, pair);
    expect(rows.map((row) => [...row])).toEqual([[0, 0], [0, 0], [], []]);
    expect(metrics.frac_reward_zero_std).toBe(1);
  });
});

it('a control: without centring the reward itself is the advantage', () => {
  const plain = { groupSize: 2, centred: false };
  expect([...meanAdvantages(rewards, 'group', plain).means]).toEqual([2, -1, 2, 2]);
  const { rows } = discountedAdvantages(rewards, 0.5, plain);
  expect([...rows[0]]).toEqual([1 + 0.5 * 3.5, 3.5, 3]);
});
