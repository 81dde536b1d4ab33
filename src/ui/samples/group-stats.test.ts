import { describe, expect, it } from 'vitest';
import type { CompletionRecord } from '../../rl/records.ts';
import { madeRecord } from '../testing/made-record.ts';
import { groupStats, rewardParts } from './group-stats.ts';

const completion = (reward: number, more: Partial<CompletionRecord> = {}): CompletionRecord =>
  madeRecord({ reward, truncated: false, correct: reward >= 1, ...more });

const group = (rewards: readonly number[]) => ({
  step: 0,
  question: '',
  prompt: '',
  completions: rewards.map((reward) => completion(reward)),
});

describe('group stats', () => {
  it('gives hand-computed mean and spread', () => {
    const stats = groupStats(group([1.6, 1.1, 0.1, 1.6, 0.6, 0, 0.1, 1.6]));
    expect(stats.mean).toBeCloseTo(0.8375, 10);
    expect(stats.spread).toBeCloseTo(0.7228, 3);
    expect(stats.right).toBe(4);
    expect(stats.noSignal).toBe(false);
  });

  it('has no signal exactly where all totals are equal and nothing else gives an advantage', () => {
    expect(groupStats(group([0.1, 0.1, 0.1])).noSignal).toBe(true);
    expect(groupStats(group([0.1, 0.1, 0.2])).noSignal).toBe(false);
    expect(groupStats(group([])).noSignal).toBe(false);
    // A critic compares with what it expected, not with the group.
    const judged = [0.5, 0.5].map((reward) => completion(reward, { advantage: 0.1 }));
    expect(groupStats({ ...group([]), completions: judged }).noSignal).toBe(false);
  });

  it('counts nothing as right where nothing is judged', () => {
    const { correct: _, ...unjudged } = completion(1);
    expect(groupStats({ ...group([]), completions: [unjudged] }).right).toBeNull();
  });

  it('weighs parts so that they add up to the total, and shows watched terms raw', () => {
    const scored = completion(1.1, { rewards: { answer: 1, format: 1, length: -0.25 } });
    const terms = [
      { term: 'answer', weight: 1 },
      { term: 'format', weight: 0.1 },
      { term: 'length', weight: 0 },
      { term: 'unused', weight: 2 },
    ];
    const parts = rewardParts(scored, terms);
    expect(parts).toEqual([
      { term: 'answer', value: 1, watched: false, yes: true },
      { term: 'format', value: 0.1, watched: false, yes: true },
      { term: 'length', value: -0.25, watched: true },
    ]);
    const paid = parts.filter((part) => !part.watched);
    expect(paid.reduce((sum, part) => sum + part.value, 0)).toBeCloseTo(
      scored.reward ?? Number.NaN,
      12,
    );
  });
});
