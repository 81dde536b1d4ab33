import { expect, test } from 'vitest';
import { REWARD_MODELS } from '../../../rl/experiment/reward-models.ts';
import { policiesOf } from '../models.ts';
import { cellOf, ELSEWHERE, homeOf, QUANTITIES, sideOf, worldOf } from './elsewhere.ts';

test('every bundled reward model has a row of the matrix, and every pair of worlds a cell', () => {
  for (const { value } of REWARD_MODELS) expect(homeOf(value), value).toBeDefined();
  for (const { id: from } of ELSEWHERE.worlds)
    for (const { id: on } of ELSEWHERE.worlds) expect(cellOf(from, on), from + on).toBeDefined();
});

test('a policy that was not studied has no column, and a reward model of a run no row', () => {
  expect(policiesOf('chain-carry').map(({ ref }) => worldOf(ref.key)?.id)).toContain('carry');
  expect(worldOf('policies/countdown-nano')).toBeUndefined();
  expect(homeOf('lab/chain-carry')).toBeUndefined();
});

test('an interval that reaches the centre decides nothing', () => {
  const [gain, auroc] = QUANTITIES;
  const of = (low: number, high: number) => ({ mean: (low + high) / 2, low, high });
  expect(sideOf(of(0.01, 0.2), gain)).toBe('above');
  expect(sideOf(of(-0.2, -0.01), gain)).toBe('below');
  expect(sideOf(of(0, 0.2), gain)).toBe('undecided');
  expect(sideOf(of(0.49, 0.9), auroc)).toBe('undecided');
  expect(sideOf(of(0.51, 0.9), auroc)).toBe('above');
});
