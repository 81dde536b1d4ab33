import { describe, expect, it } from 'vitest';
import {
  aloneCriticReward,
  alonePolicyReward,
  criticReward,
  type Judged,
  PAYOFFS,
  payoffsOf,
  policyReward,
  WITHOUT_TIES,
} from './payoffs.ts';
import { bestReply, GUESSING_REWARDS, payoffTable, tiePays, tyingRewards } from './threshold.ts';

const judged = (verdict: Judged['verdict'], expert: Judged['expert']): Judged => ({
  verdict,
  expert,
});

describe('the critic', () => {
  it('is paid for naming the expert’s answer wherever it stands, tau_crit for a tie, and nothing else', () => {
    const paid = (['1', '2', 'tie', null] as const).map((verdict) =>
      (['1', '2'] as const).map((expert) => criticReward(judged(verdict, expert), PAYOFFS)),
    );
    expect(paid).toEqual([
      [1, 0],
      [0, 1],
      [0.55, 0.55],
      [0, 0],
    ]);
  });

  it('earns nothing by ties in the game without them', () => {
    expect(criticReward(judged('tie', '1'), WITHOUT_TIES)).toBe(0);
    expect(policyReward([judged('tie', '1'), judged('2', '1')], WITHOUT_TIES)).toBe(0.5);
  });
});

describe('the policy', () => {
  it('is paid the mean over readable verdicts of both orders', () => {
    const all = [judged('2', '1'), judged('2', '2'), judged('tie', '2'), judged(null, '1')];
    expect(policyReward(all, PAYOFFS)).toBeCloseTo((1 + 0 + 0.6) / 3, 15);
  });

  it('is not scored where no verdict can be read', () => {
    expect(policyReward([judged(null, '1'), judged(null, '2')], PAYOFFS)).toBeNull();
    expect(policyReward([], PAYOFFS)).toBeNull();
  });
});

describe('a method’s settings', () => {
  it('say what verdicts pay, or that the method has no critic', () => {
    expect(payoffsOf({ tau_crit: 0.5, tau_pol: 0, beta: 1 })).toEqual({
      tau_crit: 0.5,
      tau_pol: 0,
    });
    expect(payoffsOf({ beta: 1, tau_pol: 0.6 })).toBeNull();
  });
});

describe('the binary critic', () => {
  it('is paid for the right author, and the policy for passing as the expert', () => {
    expect(aloneCriticReward('expert', 'expert')).toBe(1);
    expect(aloneCriticReward('expert', 'policy')).toBe(0);
    expect(aloneCriticReward(null, 'policy')).toBe(0);
    expect(alonePolicyReward(['expert', 'policy', null, 'expert'])).toBeCloseTo(2 / 3, 15);
    expect(alonePolicyReward([null])).toBeNull();
  });
});

describe('the payoff table', () => {
  it('has the paper’s numbers, and without ties a row that pays nobody', () => {
    expect(payoffTable(PAYOFFS)).toEqual([
      { named: 'expert', critic: 1, policy: 0 },
      { named: 'tie', critic: 0.55, policy: 0.6 },
      { named: 'policy', critic: 0, policy: 1 },
    ]);
    expect(payoffTable(WITHOUT_TIES)[1]).toEqual({ named: 'tie', critic: 0, policy: 0 });
  });

  it('makes a critic tie below tau_crit and commit itself from there on', () => {
    expect([0, 0.5, 0.549, 0.55, 1].map((p) => tiePays(p, PAYOFFS))).toEqual([
      ...[true, true, true, false, false],
    ]);
    expect(bestReply(0.5, PAYOFFS)).toEqual({ critic: 0.55, policy: 0.6 });
    expect(bestReply(0.75, PAYOFFS)).toEqual({ critic: 0.75, policy: 0.25 });
    expect(bestReply(0.5, WITHOUT_TIES)).toEqual({ critic: 0.5, policy: 0.5 });
  });

  it('gives the lines of blind critics: the mean over what they say, the expert first and second alike', () => {
    const means = (says: readonly ('1' | '2' | 'tie')[]) => {
      const all = says.flatMap((verdict) => [judged(verdict, '1'), judged(verdict, '2')]);
      const critic = all.reduce((sum, one) => sum + criticReward(one, PAYOFFS), 0) / all.length;
      return { critic, policy: policyReward(all, PAYOFFS) };
    };
    expect(means(['tie'])).toEqual(tyingRewards(PAYOFFS));
    for (const says of [['1'], ['2'], ['1', '2']] as const) {
      expect(means(says)).toEqual(GUESSING_REWARDS);
    }
  });
});
