import { expect, test } from 'vitest';
import { valueAtStep } from './changes.ts';

test('a setting is what it was at a step: before, between and after its changes', () => {
  const changes = [
    { step: 5, path: 'a', value: 0.3, was: 0.5 },
    { step: 7, path: 'b', value: 9, was: 1 },
    { step: 12, path: 'a', value: 0.1, was: 0.3 },
  ];
  const at = (step: number) => valueAtStep(changes, 'a', step, 0.1);
  expect([1, 4, 5, 11, 12, 99].map(at)).toEqual([0.5, 0.5, 0.3, 0.3, 0.1, 0.1]);
  expect(valueAtStep(changes, 'c', 1, 'now')).toBe('now');
  // A run of an earlier build does not say what stood there before.
  expect(valueAtStep([{ step: 5, path: 'a', value: 2 }], 'a', 1, 2)).toBe(2);
});
