import { expect, test } from 'vitest';
import { lastEvaluation } from './last-evaluation.ts';

test.each([
  [150, 20, 140],
  [140, 20, null],
  [10, 20, 0],
  [150, 0, null],
])('the last evaluation of %i steps, every %i, stands before the end at %s', (steps, every, at) => {
  expect(lastEvaluation({ steps, evaluation: { every } })).toBe(at);
});
