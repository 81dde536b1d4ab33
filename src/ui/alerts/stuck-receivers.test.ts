import { describe, expect, test } from 'vitest';
import type { MetricsRow } from '../../rl/records.ts';
import { STUCK_STEPS, stuckReceivers } from './stuck-receivers.ts';

const rows = (values: readonly number[], more: Record<string, number> = {}): MetricsRow[] =>
  values.map((value, i) => ({
    step: i + 1,
    'rewards/transfer/mean': value,
    'rewards/transfer/receiver/chain-pico/mean': value,
    ...more,
  }));
const all = (value: number) => Array.from({ length: STUCK_STEPS }, () => value);

describe('a receiver is stuck', () => {
  test('after five steps in a row of all or nothing, and not before', () => {
    expect(stuckReceivers(rows(all(1)))).toEqual([
      { receiver: 'chain-pico', solves: 'everything' },
    ]);
    expect(stuckReceivers(rows(all(0)))).toEqual([{ receiver: 'chain-pico', solves: 'nothing' }]);
    expect(stuckReceivers(rows(all(1).slice(1)))).toEqual([]);
    expect(stuckReceivers(rows([...all(1), 0.99]))).toEqual([]);
    expect(stuckReceivers(rows([0.5, ...all(0)]))).toHaveLength(1);
    expect(stuckReceivers(rows([...all(0).slice(1), 1]))).toEqual([]);
  });

  test('alone among several, and together only where no single one is', () => {
    const second = { 'rewards/transfer/receiver/other/mean': 0.4 };
    expect(stuckReceivers(rows(all(0), second))).toEqual([
      { receiver: 'chain-pico', solves: 'nothing' },
    ]);
    const varied = { 'rewards/transfer/receiver/chain-pico/mean': 0.4 };
    expect(stuckReceivers(rows(all(1), varied))).toEqual([{ solves: 'everything' }]);
  });

  test('by what was finished, where only right answers are paid', () => {
    const gated = {
      'rewards/transfer/receiver/chain-pico/mean': 0.4,
      'rewards/transfer/finished': 0.4,
    };
    expect(stuckReceivers(rows(all(0), gated))).toEqual([]);
  });

  test('by what was scored: evaluations and runs without the term count for nothing', () => {
    const evaluation = { step: 0, 'eval/accuracy': 1 };
    expect(stuckReceivers([evaluation, ...rows(all(1).slice(1))])).toEqual([]);
    expect(stuckReceivers(all(1).map((reward, step) => ({ step, reward })))).toEqual([]);
  });
});
