import { expect, test } from 'vitest';
import type { Example } from '../learn/example.ts';
import { withColumns } from '../learn/example.ts';
import type { Loss, Scored } from '../learn/learn.ts';
import { listening } from './passes.ts';

const example = (completion: readonly number[]): Example => ({
  ...{ role: 'solver', group: 0, truncated: false, prompt: [1], completion, columns: {} },
});
const [a, b] = [example([5, 6]), example([7])];

function scored(examples: readonly Example[], logp: readonly number[]): Scored {
  let start = 0;
  const spans = examples.map(({ completion: { length } }) => {
    start += length;
    return { start: start - length, length };
  });
  return { examples, spans, logp, entropy: [], column: () => undefined };
}

test('every pass is heard per completion, however it was cut and whatever columns came, and the loss is the same', () => {
  const inner: Loss = (update) => (part) => ({ loss: update.length, coefficients: part.logp });
  const heard = listening(inner);
  const first = heard.loss([a, b]);
  expect(first(scored([b], [-3]))).toEqual({ loss: 2, coefficients: [-3] });
  first(scored([a], [-1, -2]));
  const filled = [a, b].map((one) => withColumns(one, { old: one.completion }));
  heard.loss(filled)(scored(filled, [-0.5, -1.5, -2.5]));
  const passes = (one: Example) => heard.passesOf(one.completion).map((row) => [...row]);
  expect(passes(a)).toEqual([
    [-1, -2],
    [-0.5, -1.5],
  ]);
  expect(passes(b)).toEqual([[-3], [-2.5]]);
  // A completion is known by its own list, not by equal tokens.
  expect(heard.passesOf([7])).toEqual([]);
});
