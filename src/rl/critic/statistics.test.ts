import { describe, expect, it } from 'vitest';
import type { Judged } from './payoffs.ts';
import { criticMetrics, type JudgedPair } from './statistics.ts';
import type { CriticVerdict } from './verdict.ts';

/** Verdicts with the expert first, then with the expert second. */
function pair(
  expertFirst: readonly (CriticVerdict | null)[],
  expertSecond: readonly (CriticVerdict | null)[],
  more: Partial<JudgedPair> = {},
): JudgedPair {
  const at = (expert: Judged['expert']) => (verdict: CriticVerdict | null) => ({ verdict, expert });
  const judged = [...expertFirst.map(at('1')), ...expertSecond.map(at('2'))];
  return { judged, identical: false, expertWrong: null, age: null, ...more };
}

describe('the metrics of a critic', () => {
  it('are the shares that a hand counts', () => {
    const metrics = criticMetrics([
      pair(['1', '2'], ['2', 'tie'], { expertWrong: false }),
      pair(['1', null], ['1', 'tie'], { age: 4, expertWrong: true }),
      pair(['tie', '1'], ['tie', 'tie'], { identical: true, age: 1, expertWrong: false }),
    ]);
    const near = (x: number) => expect.closeTo(x, 14);
    expect(metrics).toEqual({
      // Different answers: 1, 2 | 2, tie and 1, none | 1, tie. Three of five that name one are right.
      'critic/accuracy': near(3 / 5),
      'critic/right_rate': near(3 / 8),
      'critic/tie_rate': near(5 / 11),
      'critic/tie_rate_differing': near(2 / 7),
      'critic/tie_rate_identical': near(3 / 4),
      // Expert first: 1, 2, 1, 1 name the first in 3 of 4. Expert second: 2, 1 in 1 of 2.
      'critic/order_bias': near((3 / 4 + 1 / 2) / 2 - 1 / 2),
      'critic/unreadable': near(1 / 12),
      'critic/identical': near(1 / 3),
      'critic/expert_wrong': near(1 / 3),
      'critic/replay_age': near(2.5),
    });
  });

  it('find no order bias in a critic that is always right, and a full one where it always says 1', () => {
    expect(criticMetrics([pair(['1'], ['2', '2', '2'])])).toMatchObject({
      ...{ 'critic/accuracy': 1, 'critic/order_bias': 0 },
    });
    expect(criticMetrics([pair(['1'], ['1', '1', '1'])])).toMatchObject({
      ...{ 'critic/accuracy': 0.25, 'critic/order_bias': 0.5 },
    });
  });

  it('leave out what was not measured', () => {
    expect(criticMetrics([])).toEqual({});
    expect(criticMetrics([pair([null], [])])).toEqual({
      ...{ 'critic/right_rate': 0, 'critic/unreadable': 1, 'critic/identical': 0 },
    });
    const tied = criticMetrics([pair(['tie'], ['tie'])]);
    expect(tied).not.toHaveProperty('critic/accuracy');
    expect(tied).not.toHaveProperty('critic/order_bias');
    expect(tied).not.toHaveProperty('critic/expert_wrong');
  });
});
