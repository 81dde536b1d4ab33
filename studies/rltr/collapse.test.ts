import { expect, test } from 'vitest';
import { madeUp } from '../lib/testing/made-up.ts';
import { collapsedAt } from './collapse.ts';
import { hack } from './hack.ts';

const [run] = madeUp(hack).runs;
const withLengths = (values: (number | null)[]) => ({
  ...run,
  series: { 'completions/mean_length': { steps: values.map((_, i) => 4 * (i + 1)), values } },
});

test('a run has collapsed at the first step below a fifth of its first length', () => {
  expect(collapsedAt(withLengths([50, 40, 9, 2]))).toBe(12);
  expect(collapsedAt(withLengths([50, 9, 48, 50]))).toBe(8);
});

test('a run that shortens to a fifth, or grows, has not', () => {
  expect(collapsedAt(withLengths([50, 30, 10, 10]))).toBeUndefined();
  expect(collapsedAt(withLengths([10, 50, 10]))).toBeUndefined();
});

test('steps without a number are passed over, and a run without lengths says nothing', () => {
  expect(collapsedAt(withLengths([null, 50, null, 5]))).toBe(16);
  expect(collapsedAt({ ...run, series: {} })).toBeUndefined();
});
