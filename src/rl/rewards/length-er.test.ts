import { expect, it, test } from 'vitest';
import { lengthEr } from './length-er.ts';
import { completion, contextWith, textOnly } from './testing.ts';

const term = lengthEr.create({ weight: 0.2 });
/** Right (the sum is 7) in 2 and in 8 tokens; wrong in 2. */
const SHORT = '7';
const LONG = '12+95=7';
const WRONG = '8';

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

it('is -2 (sigmoid((length - mean) / std) - 0.5) among the right ones, and 0 for the wrong', async () => {
  const batch = [SHORT, LONG, WRONG].map((text) => completion(text));
  const { values, used } = await term.score(batch, contextWith());
  // Mean 5, deviation (divisor n) 3.
  expect(values[0]).toBeCloseTo(-2 * (sigmoid((2 - 5) / (3 + 1e-5)) - 0.5), 12);
  expect(values[1]).toBeCloseTo(-2 * (sigmoid((8 - 5) / (3 + 1e-5)) - 0.5), 12);
  expect(values[0]).toBeGreaterThan(0.4);
  expect(values[2]).toBe(0);
  expect(used[0]).toEqual({ length: 2, correct: true, right: 2, mean_length: 5, std_length: 3 });
  expect(used[2]).toEqual({ length: 2, correct: false });
});

it('is 0 for the only right one of its question, whatever other questions have', async () => {
  const batch = [completion(SHORT), completion(WRONG), completion(LONG, { group: 1 })];
  expect((await term.score(batch, contextWith())).values).toEqual([0, 0, 0]);
});

it('is 0 where all right ones are equally long', async () => {
  const batch = [completion(SHORT), completion(SHORT), completion('9')];
  expect((await term.score(batch, contextWith())).values).toEqual([0, 0, 0]);
});

it('is 0, not NaN, where completions have no tokens', async () => {
  const none = completion('', { ends: 0 });
  expect((await term.score([none, none], contextWith())).values).toEqual([0, 0]);
});

test('text without tokens is refused rather than counted as empty', async () => {
  await expect(term.score([textOnly('7')], contextWith())).rejects.toMatchObject({
    kind: 'BadConfig',
    field: 'model',
    message: expect.stringContaining('length_er'),
  });
});
