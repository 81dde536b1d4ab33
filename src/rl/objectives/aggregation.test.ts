import { describe, expect, it } from 'vitest';
import { prepareAggregation } from './aggregation.ts';
import { LOSS_TYPES, type LossType, OBJECTIVE_DEFAULTS } from './settings.ts';

const sequences = [
  { length: 2, truncated: false },
  { length: 5, truncated: true },
  { length: 3, truncated: false },
];
const settingsOf = (loss_type: LossType, mask: boolean) => ({
  ...OBJECTIVE_DEFAULTS,
  loss_type,
  mask_truncated_completions: mask,
  max_completion_length: 8,
});
const weights = (loss_type: LossType, mask: boolean) => [
  ...prepareAggregation(sequences, settingsOf(loss_type, mask)).weights,
];

describe('prepareAggregation', () => {
  it.each<[LossType, number[]]>([
    ['grpo', [1 / 6, 1 / 15, 1 / 9]],
    ['gspo', [1 / 6, 1 / 15, 1 / 9]],
    ['bnpo', [1 / 10, 1 / 10, 1 / 10]],
    ['dapo', [1 / 10, 1 / 10, 1 / 10]],
    ['cispo', [1 / 10, 1 / 10, 1 / 10]],
    ['dr_grpo', [1 / 24, 1 / 24, 1 / 24]],
  ])('weighs the tokens of %s as its formula says', (loss_type, expected) => {
    expect(weights(loss_type, false)).toEqual(expected);
  });

  it.each<[LossType, number[]]>([
    ['grpo', [1 / 6, 0, 1 / 9]],
    ['dapo', [1 / 5, 0, 1 / 5]],
    ['dr_grpo', [1 / 24, 0, 1 / 24]],
  ])(
    'leaves truncated completions out of %s: out of its tokens, but not out of B',
    (type, expected) => {
      expect(weights(type, true)).toEqual(expected);
      const { activeTokens, activeSequences } = prepareAggregation(
        sequences,
        settingsOf(type, true),
      );
      expect([activeTokens, activeSequences]).toEqual([5, 2]);
    },
  );

  it('gives zero weights, not infinite ones, when everything is masked or empty', () => {
    for (const loss_type of LOSS_TYPES) {
      const all = [
        { length: 4, truncated: true },
        { length: 0, truncated: false },
      ];
      expect([...prepareAggregation(all, settingsOf(loss_type, true)).weights]).toEqual([0, 0]);
      expect(prepareAggregation([], settingsOf(loss_type, true)).weights.length).toBe(0);
    }
  });
});
