import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing.ts';
import { estimate, takesPart } from './estimates.ts';
import { PPO_DEFAULTS } from './settings.ts';

type Settings = Parameters<typeof estimate>[3];

const settingsWith = (more: Partial<Settings> = {}): Settings => ({
  ...{ ...PPO_DEFAULTS, lam: 1, whiten_advantages: false, kl_coef: 0 },
  ...{ mask_truncated_completions: false, ...more },
});

const completions = [
  { length: 2, truncated: false },
  { length: 3, truncated: true },
  { length: 1, truncated: false },
];
const scores = {
  old: completions.map(({ length }) => new Float32Array(length).fill(-0.5)),
  values: [[0.5, 0.25], [0.25, 0.25, 0], [0.5]].map((list) => Float32Array.from(list)),
  ref: null,
};
const rewards = { totals: [1, 0.5, null] };

describe('estimate', () => {
  it('gives advantages and returns of the completions that take part, and nothing for the others', () => {
    const { advantages, returns, meanAdvantages, metrics } = estimate(
      completions,
      rewards,
      scores,
      settingsWith(),
    );
    expect(advantages.map((list) => [...list])).toEqual([[0.5, 0.75], [0.25, 0.25, 0.5], []]);
    expect(returns.map((list) => [...list])).toEqual([[1, 1], [0.5, 0.5, 0.5], []]);
    expectClose(meanAdvantages, [0.625, 1 / 3, 0]);
    expect(metrics['advantages/mean']).toBeCloseTo(0.45, 14);
    expect(metrics['objective/non_score_reward']).toBe(0);
    expect('objective/kl' in metrics).toBe(false);
  });

  it('leaves a truncated completion out where those are masked, also out of the whitening', () => {
    const { advantages } = estimate(
      completions,
      rewards,
      scores,
      settingsWith({ mask_truncated_completions: true, whiten_advantages: true }),
    );
    // Two numbers, 0.5 and 0.75, are one deviation times the root of a half from their mean.
    expectClose(advantages[0], [-Math.SQRT1_2, Math.SQRT1_2], 1e-6);
    expect([advantages[1].length, advantages[2].length]).toEqual([0, 0]);
  });

  it('reports how well the values predict the returns, before whitening, and the mean divergence of a completion', () => {
    const settings = settingsWith({ whiten_advantages: true, kl_coef: 0.5 });
    const ref = scores.old.map((list) => list.map((x) => x - 0.25));
    const { metrics } = estimate(completions, rewards, { ...scores, ref }, settings);
    // 0.25 nats a token, two and three tokens.
    expect(metrics['objective/kl']).toBeCloseTo(0.625, 14);
    expect(metrics['objective/non_score_reward']).toBeCloseTo(-0.3125, 14);
    const plain = estimate(
      completions,
      rewards,
      { ...scores, ref },
      settingsWith({ kl_coef: 0.5 }),
    );
    expect(metrics).toEqual(plain.metrics);
  });

  it('of a step without any reward is empty, and none of its numbers is NaN', () => {
    const nothing = { totals: [null, null, null] };
    const { advantages, metrics } = estimate(completions, nothing, scores, settingsWith());
    expect(advantages.every((list) => list.length === 0)).toBe(true);
    for (const value of Object.values(metrics)) expect(value ?? 0).not.toBeNaN();
  });
});

describe('takesPart', () => {
  it('is false without a reward, without tokens, and for a truncated completion where those are masked', () => {
    const mask = { mask_truncated_completions: true };
    const keep = { mask_truncated_completions: false };
    expect(completions.map((c) => takesPart(c, 1, mask))).toEqual([true, false, true]);
    expect(completions.map((c) => takesPart(c, 1, keep))).toEqual([true, true, true]);
    expect(takesPart(completions[0], null, keep)).toBe(false);
    expect(takesPart({ length: 0, truncated: false }, 1, keep)).toBe(false);
  });
});
