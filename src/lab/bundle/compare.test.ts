import { expect, it } from 'vitest';
import { RowComparer } from './compare.ts';

it('names the first number that differs, and the one that differs most', () => {
  const comparer = new RowComparer();
  expect(comparer.add({ step: 1, reward: 0.5, kl: null }, { step: 1, reward: 0.5, kl: null })).toBe(
    true,
  );
  expect(comparer.add({ step: 2, reward: 0.5, kl: 1 }, { step: 2, reward: 0.49, kl: 1 })).toBe(
    false,
  );
  expect(comparer.add({ step: 3, reward: 4, kl: 1 }, { step: 3, reward: 4, kl: 3 })).toBe(false);
  expect(comparer.result).toEqual({
    ...{ rows: 3, equal_rows: 1 },
    first_difference: { step: 2, column: 'reward', recorded: 0.5, here: 0.49 },
    largest_difference: { step: 3, column: 'kl', recorded: 1, here: 3, share: 2 / 3 },
  });
});

it('counts a number that one side lacks as a difference, and minus zero as zero', () => {
  const comparer = new RowComparer();
  expect(comparer.add({ step: 1, kl: 0 }, { step: 1, kl: -0 })).toBe(true);
  expect(comparer.add({ step: 2, kl: 0 }, { step: 2 })).toBe(false);
  expect(comparer.add({ step: 3 }, { step: 3, kl: null })).toBe(false);
  expect(comparer.result.first_difference).toEqual({ step: 2, column: 'kl', recorded: 0 });
  expect(comparer.result.largest_difference).toBeNull();
});
